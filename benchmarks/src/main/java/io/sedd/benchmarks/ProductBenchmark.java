package io.sedd.benchmarks;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Tensor;
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

/** The linear layers of SEDD-small on one sequence of 1,024 tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {

  private static final int ROWS = 1024;

  /** Inputs and outputs of the layer. */
  @Param({"768x768", "768x2304", "768x3072", "3072x768", "768x50258"})
  public String shape;

  private int in;
  private int out;
  private Tensor x;
  private Tensor weight;
  private Tensor bias;
  private Tensor y;

  /** Allocates the layer. */
  @Setup(Level.Trial)
  public void allocate(Device device) {
    in = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
    out = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
    x = device.random(ROWS, in);
    weight = device.random(out, in);
    bias = device.random(1, out);
    y = device.kernels().allocate(ROWS, out);
    device.kernels().freeze(weight);
  }

  /** y = x Wᵀ + b. */
  @Benchmark
  public void linear(Device device, Rates rates) {
    device.kernels().linear(x, weight, bias, Activation.NONE, null, y);
    rates.addFlops(2.0 * ROWS * in * out);
  }
}
