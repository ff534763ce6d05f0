package io.sedd.benchmarks;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a step costs beside the forward pass that it contains, what it costs with half of the
 * positions revealed, and what mixed lengths and step counts cost beside equal ones, on a network
 * of random weights. The cases of a comparison take turns, and medians of their milliseconds are
 * given, so that a machine that changes its speed changes all of them.
 *
 * <p>Arguments: {@code small} (SEDD-small, by default) or {@code middle} (384 × 6), rounds (7).
 */
public final class StepRatios implements AutoCloseable {

  private static final int STATES = 50_258;
  private static final int MASK = STATES - 1;
  private static final int LENGTH = 1024;

  /** Of 2,048 rows, as eight lanes of 256 have. */
  private static final int[] MIXED_LENGTHS = {17, 1024, 311, 93, 202, 31, 250, 120};

  private static final int[] MIXED_STEPS = {128, 16, 64, 1024, 32, 256, 24, 100};

  private final Backend backend = Backends.open(Optional.of("nd4j"), BackendOptions.defaults());
  private final ScoreNetwork network;
  private final DiffusionModel model;
  private final Workspace workspace = backend.workspace();
  private final DenoisingBatch batch = new DenoisingBatch(backend, 2 * LENGTH);
  private final int rounds;

  private StepRatios(NetworkShape shape, int rounds) {
    this.rounds = rounds;
    Parameters parameters = Parameters.create(shape, backend);
    SplittableRandom random = new SplittableRandom(1);
    for (String name : parameters.names()) {
      float[] values = new float[Math.toIntExact(parameters.tensor(name).size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (name.contains("norm") ? 1 : 0) + (float) random.nextDouble(-0.03, 0.03);
      }
      backend.write(MemorySegment.ofArray(values), parameters.tensor(name));
    }
    parameters.freeze(backend);
    this.network = new ScoreNetwork(shape, parameters, backend);
    this.model =
        new DiffusionModel(
            network,
            new DiffusionProcess(new Graph.Absorbing(MASK), new NoiseSchedule.LogLinear(1e-3)));
  }

  /** Prints medians and ratios. */
  public static void main(String[] arguments) {
    boolean middle = arguments.length > 0 && arguments[0].equals("middle");
    NetworkShape shape =
        middle
            ? new NetworkShape(STATES, 384, 128, LENGTH, 6, 6, true)
            : new NetworkShape(STATES, 768, 128, LENGTH, 12, 12, true);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
    try (StepRatios ratios = new StepRatios(shape, rounds)) {
      System.out.println(ratios.backend.description());
      ratios.oneSequence();
      ratios.mixed();
    }
  }

  private void oneSequence() {
    int[] half = new int[LENGTH];
    for (int p = 0; p < LENGTH; p++) {
      half[p] = p % 2 == 0 ? Template.BLANK : p;
    }
    double[] median =
        medians(
            this::forward,
            () -> step(lane(Template.blank(LENGTH), 64)),
            () -> step(lane(Template.of(half), 64)));
    System.out.printf(
        Locale.ROOT,
        "1 x %d: forward %.1f ms, analytic step %.1f ms (%.3f of it), half revealed %.1f ms (%.3f"
            + " of the step)%n",
        LENGTH,
        median[0],
        median[1],
        median[1] / median[0],
        median[2],
        median[2] / median[1]);
  }

  private void mixed() {
    int rows = Arrays.stream(MIXED_LENGTHS).sum();
    double[] median =
        medians(
            () -> {
              Lane[] lanes = new Lane[MIXED_LENGTHS.length];
              Arrays.setAll(lanes, _ -> lane(Template.blank(rows / lanes.length), 64));
              step(lanes);
            },
            () -> {
              Lane[] lanes = new Lane[MIXED_LENGTHS.length];
              Arrays.setAll(lanes, i -> lane(Template.blank(MIXED_LENGTHS[i]), MIXED_STEPS[i]));
              step(lanes);
            });
    System.out.printf(
        Locale.ROOT,
        "%d rows: equal lengths %.0f tokens/s a step, lengths %s %.0f tokens/s (%.3f of it)%n",
        rows,
        1e3 * rows / median[0],
        Arrays.toString(MIXED_LENGTHS),
        1e3 * rows / median[1],
        median[0] / median[1]);
  }

  private Lane lane(Template template, int steps) {
    return new Lane(new LaneRequest(template, Predictor.ANALYTIC, steps, 7), model);
  }

  private void forward() {
    int[] tokens = new int[LENGTH];
    Arrays.fill(tokens, MASK);
    double[] sigma = {model.noise().total(1)};
    long mark = workspace.mark();
    network.logits(NetworkInput.ofAll(RowLayout.ofLengths(LENGTH), tokens, sigma), workspace);
    workspace.release(mark);
  }

  private void step(Lane... lanes) {
    for (Lane lane : lanes) {
      batch.offer(lane);
    }
    batch.step();
    for (Lane lane : lanes) {
      batch.remove(lane);
    }
  }

  /** Milliseconds of each case, in turns, after two rounds that do not count. */
  private double[] medians(Runnable... cases) {
    double[][] times = new double[cases.length][rounds];
    for (int round = -2; round < rounds; round++) {
      for (int c = 0; c < cases.length; c++) {
        long start = System.nanoTime();
        cases[c].run();
        if (round >= 0) {
          times[c][round] = 1e-6 * (System.nanoTime() - start);
        }
      }
    }
    return Arrays.stream(times)
        .mapToDouble(t -> Arrays.stream(t).sorted().toArray()[rounds / 2])
        .toArray();
  }

  @Override
  public void close() {
    batch.close();
    workspace.close();
    network.close();
    backend.close();
  }
}
