package io.sedd.benchmarks;

import io.sedd.diffusion.backend.AdamWStep;
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

/** What lies between the products, on sequences of 1,024 rows of SEDD-small's width. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {

  private static final int HIDDEN = 768;
  private static final int HEADS = 12;
  private static final int PARAMETERS = 16_000_000;

  /** Sequences: of one the rows fit a last-level cache, of 32 they do not. */
  @Param({"1", "32"})
  public int sequences;

  private RowLayout layout;
  private double bytes;
  private Tensor x;
  private Tensor branch;
  private Tensor z;
  private Tensor qkv;
  private Tensor weight;
  private Tensor modulation;
  private Tensor dModulation;
  private Tensor statistics;
  private final Tensor[] parameters = new Tensor[5];

  /** Allocates the rows. */
  @Setup(Level.Trial)
  public void allocate(Device device) {
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, 1024);
    layout = RowLayout.ofLengths(lengths);
    bytes = 4.0 * HIDDEN * layout.rows();
    x = device.random(layout.rows(), HIDDEN);
    branch = device.random(layout.rows(), HIDDEN);
    z = device.random(layout.rows(), HIDDEN);
    qkv = device.random(layout.rows(), 3 * HIDDEN);
    weight = device.random(1, HIDDEN);
    modulation = device.random(sequences, 6 * HIDDEN);
    dModulation = device.random(sequences, 6 * HIDDEN);
    statistics = device.kernels().allocate(layout.rows(), 2);
    Arrays.setAll(parameters, _ -> device.kernels().allocate(1, PARAMETERS));
    device.kernels().normModulate(x, weight, modulation, 0, HIDDEN, layout, statistics, z);
  }

  /** Reads x, writes z. */
  @Benchmark
  public void normModulate(Device device, Rates rates) {
    device.kernels().normModulate(x, weight, modulation, 0, HIDDEN, layout, null, z);
    rates.addBytes(2 * bytes);
  }

  /** Reads dz and x, adds to dx. */
  @Benchmark
  public void normModulateBackward(Device device, Rates rates) {
    device
        .kernels()
        .normModulateBackward(
            branch, x, weight, modulation, 0, HIDDEN, layout, statistics, z, weight, dModulation);
    rates.addBytes(4 * bytes);
  }

  /** Reads the branch, adds to x. */
  @Benchmark
  public void addGated(Device device, Rates rates) {
    device.kernels().addGated(branch, modulation, 0, layout, x);
    rates.addBytes(3 * bytes);
  }

  /** Reads dx and the branch, writes dBranch. */
  @Benchmark
  public void addGatedBackward(Device device, Rates rates) {
    device.kernels().addGatedBackward(x, branch, modulation, 0, layout, z, dModulation);
    rates.addBytes(3 * bytes);
  }

  /** Rotates q and k in place. */
  @Benchmark
  public void rotate(Device device, Rates rates) {
    device.kernels().rotate(qkv, HEADS, layout);
    rates.addBytes(4 * bytes);
  }

  /** Adds one tensor to another. */
  @Benchmark
  public void add(Device device, Rates rates) {
    device.kernels().add(branch, x);
    rates.addBytes(3 * bytes);
  }

  /** Reads five numbers and writes four for each parameter. */
  @Benchmark
  public void adamW(Device device, Rates rates) {
    device
        .kernels()
        .adamW(
            new AdamWStep(1, 1e-3, 0.9, 0.999, 1e-8, 0, 1, 0.999),
            parameters[0],
            parameters[1],
            parameters[2],
            parameters[3],
            parameters[4]);
    rates.addBytes(36.0 * PARAMETERS);
  }

  /** Reads one number for each parameter. */
  @Benchmark
  public void sumOfSquares(Device device, Rates rates) {
    device.kernels().sumOfSquares(parameters[0]);
    rates.addBytes(4.0 * PARAMETERS);
  }
}
