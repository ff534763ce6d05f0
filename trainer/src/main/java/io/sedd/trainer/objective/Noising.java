package io.sedd.trainer.objective;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.process.Graph;
import io.sedd.trainer.objective.TrainingRandom.Purpose;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts noise on clean sequences: a time for each, its total noise, and the graph's transition for
 * each position. All of it depends on (seed, step, sequence, position) alone, so a run can be
 * repeated and resumed bit for bit, and a step may be cut into batches anywhere.
 *
 * @param process graph and schedule
 * @param earliest smallest time, above 0 where the schedule's rate or the loss has a pole at 0
 * @param times how the times of a step hang together
 * @param random source of all of it
 */
public record Noising(
    DiffusionProcess process, double earliest, TimeSampling times, TrainingRandom random) {

  /** The earliest time of the official training loss. */
  public static final double OFFICIAL_EARLIEST = 1e-3;

  public Noising {
    if (!(earliest >= 0 && earliest < 1)) {
      throw new IllegalArgumentException("the earliest time " + earliest + " must lie in [0, 1)");
    }
  }

  /**
   * Noisy versions of some of a step's sequences.
   *
   * @param step which step, from 0
   * @param first number of the first of these sequences within the step
   * @param clean x0, one array a sequence
   */
  public NoisyBatch apply(int step, int first, List<int[]> clean) {
    double[] t =
        IntStream.range(0, clean.size())
            .mapToDouble(i -> earliest + (1 - earliest) * unit(step, first + i))
            .toArray();
    return at(t, step, first, clean);
  }

  /** The number in [0, 1) from which a sequence's time comes. */
  public double unit(int step, int sequence) {
    return times.unit(random, step, sequence);
  }

  /** The same at given times. */
  public NoisyBatch at(double[] t, int step, int first, List<int[]> clean) {
    RowLayout layout = RowLayout.ofLengths(clean.stream().mapToInt(c -> c.length).toArray());
    int[] x0 = clean.stream().flatMapToInt(IntStream::of).toArray();
    int[] x = new int[x0.length];
    for (int r = 0; r < x.length; r++) {
      int sequence = layout.sequenceOf(r);
      double sigma = process.noise().total(t[sequence]);
      x[r] = perturb(x0[r], sigma, step, first + sequence, layout.positionOf(r));
    }
    return NoisyBatch.of(process, layout, t, x, x0);
  }

  private int perturb(int x0, double sigma, int step, int sequence, int position) {
    double move = random.uniform(Purpose.MOVE, step, sequence, position);
    int token =
        switch (process.graph()) {
          case Graph.Absorbing _ -> x0;
          case Graph.Uniform uniform ->
              (int)
                  (uniform.tokens()
                      * random.uniform(Purpose.REPLACEMENT, step, sequence, position));
        };
    return process.graph().perturb(x0, sigma, move, token);
  }
}
