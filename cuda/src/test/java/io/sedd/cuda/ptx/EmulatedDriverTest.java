package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Epilogue;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.cuda.ptx.machine.KernelFault;
import io.sedd.cuda.ptx.syntax.PtxSyntaxException;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class EmulatedDriverTest {

  /** out[block] += table[block]; by a device function that is called, with lines of a source. */
  private static final String PTX =
      """
      .version 8.0
      .target sm_80
      .address_size 64
      .global .align 4 .u32 table[4] = {10, 20, 30, 40};
      .func (.param .b32 sum) plus(.param .b32 a, .param .b32 b)
      {
        .reg .b32 %r<4>;
        .reg .pred %p<2>;
        .loc 1 3 5
        ld.param.b32 %r1, [a];
        ld.param.b32 %r2, [b];
        setp.eq.u32 %p1, %r2, 40;
        @%p1 bra FORTY;
        add.u32 %r3, %r1, %r2;
        st.param.b32 [sum], %r3;
        ret;
        FORTY:
        st.param.b32 [sum], %r2;
        ret;
      }
      .visible .entry bump(.param .u64 .ptr .align 4 out)
      .maxntid 64, 1, 1
      {
        .reg .b64 %rd<8>;
        .reg .b32 %r<8>;
        .loc 1 12 1
        ld.param.u64 %rd1, [out];
        mov.u32 %r1, %ctaid.x;
        mul.wide.u32 %rd2, %r1, 4;
        add.s64 %rd3, %rd1, %rd2;
        mov.u64 %rd4, table;
        add.s64 %rd5, %rd4, %rd2;
        ld.global.u32 %r2, [%rd3];
        ld.global.u32 %r3, [%rd5];
        { // a call
        .param .b32 param0;
        st.param.b32 [param0], %r2;
        .param .b32 param1;
        st.param.b32 [param1], %r3;
        .param .b32 retval0;
        call.uni (retval0), plus, (param0, param1);
        ld.param.b32 %r4, [retval0];
        }
        st.global.u32 [%rd3], %r4;
        ret;
      }
      .file 1 "/src/bump.cu"
      """;

  private final EmulatedDriver driver = new EmulatedDriver(8, 0);
  private final Stream stream = driver.newStream();

  private int[] read(long address, int count) {
    int[] values = new int[count];
    driver.toHost(stream, address, MemorySegment.ofArray(values));
    return values;
  }

  private long zeros(int count) {
    long address = driver.allocate(4L * count);
    driver.fill32(stream, address, 0, count);
    return address;
  }

  private void bump(KernelFunction function, long out, int blocks) {
    driver.launch(stream, function, Grid.line(blocks, 1), 0, new KernelArguments().address(out));
  }

  @Test
  void aCalledFunctionReturnsAndBlocksKnowTheirPlace() {
    long out = zeros(4);
    KernelFunction function = driver.load(PTX).function("bump");
    bump(function, out, 4);
    bump(function, out, 4);
    assertArrayEquals(new int[] {20, 40, 60, 40}, read(out, 4));
  }

  @Test
  void aGraphRunsWhenItIsLaunchedAndAsOftenAsItIs() {
    long out = zeros(4);
    KernelFunction function = driver.load(PTX).function("bump");
    CapturedGraph graph =
        driver.capture(
            stream,
            () -> {
              bump(function, out, 3);
              assertThrows(CudaException.class, () -> driver.allocate(4));
              assertThrows(CudaException.class, () -> driver.synchronize(stream));
            });
    assertEquals(0, read(out, 1)[0]);
    driver.launch(stream, graph);
    driver.launch(stream, graph);
    assertArrayEquals(new int[] {20, 40, 60, 0}, read(out, 4));
  }

  @Test
  void aFaultNamesTheLineOfTheSource() {
    long out = zeros(4);
    KernelFunction function = driver.load(PTX).function("bump");
    String message = assertThrows(KernelFault.class, () -> bump(function, out, 5)).getMessage();
    assertTrue(message.contains("(bump.cu:12), block (4, 0, 0)"), message);
    assertEquals(10, read(out, 1)[0], "the blocks before it were run");
  }

  @Test
  void anUnknownInstructionQuotesItsLine() {
    String ptx = PTX.replace("mul.wide.u32 %rd2, %r1, 4;", "wgmma.fence.sync.aligned;");
    String message = assertThrows(PtxSyntaxException.class, () -> driver.load(ptx)).getMessage();
    assertTrue(message.startsWith("PTX line 29 `wgmma.fence.sync.aligned;`"), message);
    String modifier = PTX.replace("add.u32 %r3, %r1, %r2", "add.u32.fancy %r3, %r1, %r2");
    assertTrue(
        assertThrows(PtxSyntaxException.class, () -> driver.load(modifier))
            .getMessage()
            .contains("does not know .fancy"));
    String register = PTX.replace("add.u32 %r3, %r1, %r2", "add.u32 %r3, %r1, %r9");
    assertTrue(
        assertThrows(PtxSyntaxException.class, () -> driver.load(register))
            .getMessage()
            .contains("does not know the register %r9"));
  }

  @Test
  void aLaunchKeepsToWhatTheKernelWasCompiledForAndTakesItsArguments() {
    long out = zeros(4);
    LoadedModule module = driver.load(PTX);
    KernelFunction function = module.function("bump");
    assertThrows(
        KernelFault.class,
        () ->
            driver.launch(
                stream, function, Grid.line(1, 65), 0, new KernelArguments().address(out)));
    assertThrows(
        CudaException.class,
        () -> driver.launch(stream, function, Grid.line(1, 1), 0, new KernelArguments()));
    assertThrows(
        CudaException.class,
        () -> driver.launch(stream, function, Grid.line(1, 1), 0, new KernelArguments().int32(1)));
    assertThrows(
        CudaException.class,
        () ->
            driver.launch(
                stream, function, Grid.line(1, 1), 232_449, new KernelArguments().address(out)));
    assertThrows(CudaException.class, () -> module.function("bmup"));
  }

  @Test
  void ptxForAnotherCardIsRefused() {
    assertThrows(
        CudaException.class, () -> driver.load(PTX.replace("target sm_80", "target sm_90")));
    EmulatedDriver blackwell = new EmulatedDriver(10, 0);
    blackwell.load(PTX);
    assertThrows(
        CudaException.class, () -> blackwell.load(PTX.replace("target sm_80", "target sm_90a")));
  }

  @Test
  void memoryThatIsNotThereIsOutOfMemory() {
    DeviceProperties small = new DeviceProperties("small", 8, 0, 1, 49_152, 1000, 13_000);
    EmulatedDriver little = new EmulatedDriver(small, Checks.ALL);
    long first = little.allocate(600);
    assertEquals(0, first % 256);
    assertThrows(DeviceException.OutOfMemory.class, () -> little.allocate(600));
    little.free(first);
    assertEquals(1000, little.freeBytes());
    little.allocate(600);
  }

  @Test
  void productsAreThoseOfPlainLoops() {
    EmulatedProducts products = new EmulatedProducts(driver);
    float[] a = {1, 2, 3, 4, 5, 6};
    float[] b = new float[24];
    float[] bias = new float[8];
    for (int i = 0; i < 24; i++) {
      b[i] = i % 7 - 3;
      bias[i % 8] = 100 * (i % 8);
    }
    long at = upload(a);
    long bt = upload(b);
    long each = upload(bias);
    long before = driver.allocate(64);
    long ct = driver.allocate(64);
    // [2, 3] · [8, 3]ᵀ
    Product product =
        new Product(
            2, 3, 8, false, true, Element.F32, Element.F32, false, Epilogue.BIAS_GELU, true);
    products.multiply(stream, product, at, bt, each, before, ct);
    float[] inner = floats(before);
    float[] first = floats(ct);
    for (int i = 0; i < 16; i++) {
      float sum = bias[i % 8];
      for (int k = 0; k < 3; k++) {
        sum += a[i / 8 * 3 + k] * b[i % 8 * 3 + k];
      }
      assertEquals(sum, inner[i]);
      double gelu =
          0.5 * sum * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (sum + 0.044715 * sum * sum * sum)));
      assertEquals(gelu, first[i], 1e-6 * Math.abs(sum));
    }
    // [3, 2]ᵀ · [3, 8], added to what is there
    Product added =
        new Product(2, 3, 8, true, false, Element.F32, Element.F32, true, Epilogue.NONE, false);
    products.multiply(stream, added, at, bt, 0, 0, ct);
    float[] second = floats(ct);
    for (int i = 0; i < 16; i++) {
      float sum = first[i];
      for (int k = 0; k < 3; k++) {
        sum += a[k * 2 + i / 8] * b[k * 8 + i % 8];
      }
      assertEquals(sum, second[i]);
    }
    assertThrows(CudaException.class, () -> products.multiply(stream, added, at + 8, bt, 0, 0, ct));
  }

  private long upload(float[] values) {
    long address = driver.allocate(4L * values.length);
    driver.toDevice(stream, MemorySegment.ofArray(values), address);
    return address;
  }

  private float[] floats(long address) {
    float[] values = new float[16];
    driver.toHost(stream, address, MemorySegment.ofArray(values));
    return values;
  }
}
