package io.sedd.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.Architecture;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.nvrtc.CompileCache;
import io.sedd.cuda.nvrtc.NvrtcCompiler;
import io.sedd.cuda.nvrtc.NvrtcHere;
import io.sedd.cuda.ptx.machine.KernelFault;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CUDA C++ as NVRTC translates it, which writes other PTX for each architecture. */
class CompiledKernelTest {

  private static final List<Architecture> ARCHITECTURES =
      List.of(Architecture.SM_80, Architecture.SM_90A, Architecture.SM_100);

  private static final String SINGLE =
      """
      extern "C" __global__ void function(const float* x, float* y, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) { float v = x[i]; y[i] = (float)(EXPRESSION); }
      }
      """;

  private static final String SUM =
      """
      extern "C" __global__ void __launch_bounds__(256) sum(const float* x, float* y, int n) {
        __shared__ float parts[8];
        float s = 0;
        for (int i = threadIdx.x; i < n; i += blockDim.x) s += x[blockIdx.x * n + i];
        for (int o = 16; o; o >>= 1) s += __shfl_xor_sync(~0u, s, o);
        if ((threadIdx.x & 31) == 0) parts[threadIdx.x >> 5] = s;
        BARRIER
        if (threadIdx.x == 0) {
          float all = 0;
          for (int w = 0; w < blockDim.x / 32; w++) all += parts[w];
          y[blockIdx.x] = all;
        }
      }
      """;

  @TempDir Path folder;

  private NvrtcCompiler compiler() {
    return new NvrtcCompiler(NvrtcHere.orSkip(), new CompileCache(folder));
  }

  private static float[] run(
      String ptx, String name, Architecture on, Grid grid, float[] x, int n) {
    EmulatedDriver driver = new EmulatedDriver(on.major(), on.minor());
    Stream stream = driver.newStream();
    KernelFunction function = driver.load(ptx).function(name);
    long from = driver.allocate(4L * x.length);
    long to = driver.allocate(4L * x.length);
    driver.toDevice(stream, MemorySegment.ofArray(x), from);
    driver.fill32(stream, to, 0, x.length);
    driver.launch(
        stream, function, grid, 0, new KernelArguments().address(from).address(to).int32(n));
    float[] y = new float[x.length];
    driver.toHost(stream, to, MemorySegment.ofArray(y));
    return y;
  }

  private void function(String expression, DoubleUnaryOperator expected, double ulps) {
    String source = SINGLE.replace("EXPRESSION", expression);
    float[] x = new float[600];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.01f + 0.013f * i;
    }
    NvrtcCompiler compiler = compiler();
    for (Architecture architecture : ARCHITECTURES) {
      String ptx = compiler.ptx("function.cu", source, architecture);
      float[] y = run(ptx, "function", architecture, Grid.line(3, 256), x, x.length);
      for (int i = 0; i < x.length; i++) {
        double wanted = expected.applyAsDouble(x[i]);
        double error = Math.abs(y[i] - wanted) / Math.ulp((float) wanted);
        assertTrue(
            error <= ulps,
            "%s at %s on %s: %s, off by %s ulp"
                .formatted(expression, x[i], architecture.real(), y[i], error));
      }
    }
  }

  /** Bounds in ulp are those of the CUDA C++ Programming Guide, and half of one for rounding. */
  @Test
  void theFunctionsOfCudaKeepTheBoundsOfItsManual() {
    function("expf(v)", Math::exp, 1.5);
    function("logf(v)", Math::log, 1.5);
    function("expm1f(v)", Math::expm1, 1.5);
    function("log1pf(v)", Math::log1p, 1.5);
    function("tanhf(v)", Math::tanh, 1.5);
    function("sinf(v)", Math::sin, 2.5);
    function("sqrtf(v)", Math::sqrt, 0.5);
    function("powf(v, 1.7f)", v -> Math.pow(v, 1.7f), 4.5);
    function("exp((double) v)", Math::exp, 0.5001);
    function("log((double) v)", Math::log, 0.5001);
    function("(double) v / 3.0", v -> v / 3.0, 0.5001);
  }

  @Test
  void integersAndSwitchesBranchAsInCpp() {
    function(
        "i == 3 ? 1 : i / 7 + i % 5", v -> expectedOf((int) Math.round((v - 0.01) / 0.013)), 0);
    function(
        "[=] { int k = 0; for (int j = 0; j < (i & 7); j++) k += (j & 1) ? 3 : j; return k; }()",
        v -> loop((int) Math.round((v - 0.01) / 0.013) & 7),
        0);
  }

  private static double expectedOf(int i) {
    return i == 3 ? 1 : i / 7 + i % 5;
  }

  private static double loop(int count) {
    int sum = 0;
    for (int j = 0; j < count; j++) {
      sum += (j & 1) == 1 ? 3 : j;
    }
    return sum;
  }

  @Test
  void aSumOverABlockIsRightAndARaceWithoutItsBarrier() {
    float[] x = new float[4 * 1000];
    Random random = new Random(5);
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(100);
    }
    NvrtcCompiler compiler = compiler();
    for (Architecture architecture : ARCHITECTURES) {
      String right =
          compiler.ptx("sum.cu", SUM.replace("BARRIER", "__syncthreads();"), architecture);
      float[] y = run(right, "sum", architecture, Grid.line(4, 256), x, 1000);
      for (int block = 0; block < 4; block++) {
        float wanted = 0;
        for (int i = 0; i < 1000; i++) {
          wanted += x[1000 * block + i];
        }
        assertEquals(wanted, y[block]);
      }
      String wrong = compiler.ptx("sum.cu", SUM.replace("BARRIER", ""), architecture);
      String message =
          assertThrows(
                  KernelFault.class,
                  () -> run(wrong, "sum", architecture, Grid.line(4, 256), x, 1000))
              .getMessage();
      assertTrue(message.matches(".*(never written|with no barrier between).*"), message);
    }
  }
}
