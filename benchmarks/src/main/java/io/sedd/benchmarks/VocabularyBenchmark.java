package io.sedd.benchmarks;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Passes over the scores of 1,024 masked rows of GPT-2's vocabulary. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VocabularyBenchmark {

  private static final int ROWS = 1024;
  private static final int STATES = 50_258;

  private final RowLayout layout = RowLayout.ofLengths(ROWS);
  private final int[] masked = new int[ROWS];
  private final int[] drawn = new int[ROWS];
  private final double[] loss = new double[ROWS];
  private int[] clean;
  private Tensor logits;
  private Tensor gradient;

  /** Allocates scores of about 1/V each. */
  @Setup(Level.Trial)
  public void allocate(Device device) {
    Arrays.fill(masked, STATES - 1);
    clean = device.states(ROWS, STATES - 1);
    logits = device.random(ROWS, STATES);
    gradient = device.kernels().allocate(ROWS, STATES);
  }

  private static final double OFFSET = -Math.log(STATES);

  private static DrawRule rule(double alpha, double beta, double temperature, double topP) {
    return new DrawRule(alpha, beta, 1 + alpha, -alpha, OFFSET, temperature, topP, 7, 0, 0);
  }

  private void drawBy(Device device, Rates rates, DrawRule rule) {
    device.kernels().draw(logits, layout, masked, List.of(rule), drawn);
    rates.addBytes(4.0 * ROWS * STATES);
  }

  /** Where one row in twenty leaves its state. */
  @Benchmark
  public void draw(Device device, Rates rates) {
    drawBy(device, rates, rule(0.05, 0, 1, 1));
  }

  /** Where every row leaves its state: each reads a block again. */
  @Benchmark
  public void drawLast(Device device, Rates rates) {
    drawBy(device, rates, new DrawRule(1, 0, 0, 0, OFFSET, 1, 1, 7, 0, 0));
  }

  /** Where every row leaves its state, by temperature. */
  @Benchmark
  public void drawWithTemperature(Device device, Rates rates) {
    drawBy(device, rates, new DrawRule(1, 0, 0, 0, OFFSET, 0.8, 1, 7, 0, 0));
  }

  /** Where every row leaves its state, by temperature and top-p. */
  @Benchmark
  public void drawWithTopP(Device device, Rates rates) {
    drawBy(device, rates, new DrawRule(1, 0, 0, 0, OFFSET, 0.8, 0.9, 7, 0, 0));
  }

  /** A rule of the uniform graph, which sets a third of the weights to 0: read twice. */
  @Benchmark
  public void drawClamped(Device device, Rates rates) {
    drawBy(device, rates, rule(0.05, -0.05 * 0.4 / STATES, 1, 1));
  }

  /** Loss alone. */
  @Benchmark
  public void entropy(Device device, Rates rates) {
    scoreEntropy(device, null);
    rates.addBytes(4.0 * ROWS * STATES);
  }

  /** Loss and gradient. */
  @Benchmark
  public void entropyWithGradient(Device device, Rates rates) {
    scoreEntropy(device, gradient);
    rates.addBytes(8.0 * ROWS * STATES);
  }

  private void scoreEntropy(Device device, Tensor target) {
    device
        .kernels()
        .scoreEntropy(
            new Graph.Absorbing(STATES - 1),
            logits,
            layout,
            masked,
            clean,
            List.of(new EntropyTerm(1, OFFSET, 1)),
            loss,
            target);
  }
}
