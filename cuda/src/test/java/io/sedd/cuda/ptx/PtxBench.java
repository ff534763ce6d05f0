package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.ptx.machine.Checks;
import java.lang.foreign.MemorySegment;

/** Runs hand-written kernels: one block, {@code in} and {@code out} as parameters. */
final class PtxBench {

  private static final String HEAD =
      """
      .version 8.0
      .target sm_80
      .address_size 64
      .extern .shared .align 16 .b8 dynamic[];
      .visible .entry kernel(.param .u64 in, .param .u64 out)
      {
        .reg .pred %p<20>;
        .reg .b16 %rs<20>;
        .reg .b32 %r<60>;
        .reg .f32 %f<40>;
        .reg .b64 %rd<40>;
        .reg .f64 %fd<20>;
        .shared .align 16 .b8 tile[4096];
        .local .align 16 .b8 own[64];
        ld.param.u64 %rd1, [in];
        ld.param.u64 %rd2, [out];
        mov.u32 %r1, %tid.x;
        mul.wide.u32 %rd3, %r1, 4;
        mul.wide.u32 %rd4, %r1, 8;
        add.s64 %rd5, %rd1, %rd3;
        add.s64 %rd6, %rd2, %rd3;
        add.s64 %rd7, %rd1, %rd4;
        add.s64 %rd8, %rd2, %rd4;
      """;

  final EmulatedDriver driver;
  private final Stream stream;

  PtxBench() {
    this(Checks.ALL);
  }

  PtxBench(Checks checks) {
    driver = new EmulatedDriver(new EmulatedDriver(9, 0).properties(), checks);
    stream = driver.newStream();
  }

  /**
   * Runs {@code body}, which finds the thread's number in %r1, the address of its 4 bytes of in and
   * out in %rd5 and %rd6, of its 8 bytes in %rd7 and %rd8.
   */
  int[] run(String body, int threads, int[] in) {
    return run(body, threads, in, threads);
  }

  int[] run(String body, int threads, int[] in, int outputs) {
    int[] out = new int[outputs];
    long from = driver.allocate(4L * in.length);
    long to = driver.allocate(4L * outputs);
    driver.toDevice(stream, MemorySegment.ofArray(in), from);
    driver.toDevice(stream, MemorySegment.ofArray(out), to);
    driver.launch(
        stream,
        driver.load(HEAD + body + "\n ret;\n}\n").function("kernel"),
        Grid.line(1, threads),
        1024,
        new KernelArguments().address(from).address(to));
    driver.toHost(stream, to, MemorySegment.ofArray(out));
    driver.free(from);
    driver.free(to);
    return out;
  }

  float[] run(String body, float[] in) {
    int[] bits = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      bits[i] = Float.floatToRawIntBits(in[i]);
    }
    int[] out = run(body, in.length, bits);
    float[] values = new float[out.length];
    for (int i = 0; i < out.length; i++) {
      values[i] = Float.intBitsToFloat(out[i]);
    }
    return values;
  }

  /** The same for 8 bytes a thread. */
  long[] run(String body, long[] in) {
    int[] halves = new int[2 * in.length];
    MemorySegment.copy(
        MemorySegment.ofArray(in), 0, MemorySegment.ofArray(halves), 0, 8L * in.length);
    int[] out = run(body, in.length, halves, halves.length);
    long[] values = new long[in.length];
    MemorySegment.copy(
        MemorySegment.ofArray(out), 0, MemorySegment.ofArray(values), 0, 8L * in.length);
    return values;
  }
}
