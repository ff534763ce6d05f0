package io.sedd.benchmarks;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Attention of heads of 64: of one long sequence, of short ones, and of mixed ones. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {

  private static final int SIZE = 64;

  /** Lengths of the sequences. */
  @Param({"1024", "128,128,128,128,128,128,128,128", "17,1024,311,93,202,31,250,120"})
  public String lengths;

  /** Heads of 64 columns. */
  @Param("12")
  public int heads;

  private RowLayout layout;
  private Tensor qkv;
  private Tensor mix;
  private Tensor logSums;
  private Tensor dMix;
  private Tensor dQkv;
  private double flops;

  /** Allocates the rows, and fills the sums. */
  @Setup(Level.Trial)
  public void allocate(Device device) {
    layout =
        RowLayout.ofLengths(
            Arrays.stream(lengths.split(",")).mapToInt(Integer::parseInt).toArray());
    int hidden = heads * SIZE;
    qkv = device.random(layout.rows(), 3 * hidden);
    mix = device.random(layout.rows(), hidden);
    logSums = device.kernels().allocate(layout.rows(), heads);
    dMix = device.random(layout.rows(), hidden);
    dQkv = device.kernels().allocate(layout.rows(), 3 * hidden);
    flops = 0;
    for (int s = 0; s < layout.sequences(); s++) {
      flops += 4.0 * layout.length(s) * layout.length(s) * hidden;
    }
    device.kernels().attend(qkv, heads, layout, logSums, mix);
  }

  /** Two products. */
  @Benchmark
  public void forward(Device device, Rates rates) {
    device.kernels().attend(qkv, heads, layout, null, mix);
    rates.addFlops(flops);
  }

  /** Five products. */
  @Benchmark
  public void backward(Device device, Rates rates) {
    device.kernels().attendBackward(dMix, qkv, mix, logSums, heads, layout, dQkv);
    rates.addFlops(2.5 * flops);
  }
}
