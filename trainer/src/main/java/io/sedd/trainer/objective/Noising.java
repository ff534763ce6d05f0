package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.trainer.objective.TrainingRandom.Purpose;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts noise on clean sequences: a time for each, its total noise, and the graph's transition for
 * each position. All of it depends on (seed, step, sequence, position) alone, so a run can be
 * repeated and resumed bit for bit, and a step may be cut into batches anywhere.
 *
 * @param graph the noising process
 * @param schedule its noise over time
 * @param earliest smallest time, above 0 where the schedule's rate or the loss has a pole at 0
 * @param times how the times of a step hang together
 * @param random source of all of it
 */
public record Noising(
    Graph graph,
    NoiseSchedule schedule,
    double earliest,
    TimeSampling times,
    TrainingRandom random) {

  /** The earliest time of the official training loss. */
  public static final double OFFICIAL_EARLIEST = 1e-3;

  public Noising {
    if (!(earliest >= 0 && earliest < 1)) {
      throw new IllegalArgumentException(
          "the earliest time " + earliest + " must lie in [0, 1)");
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
    double[] sigma = new double[t.length];
    double[] rate = new double[t.length];
    for (int s = 0; s < t.length; s++) {
      sigma[s] = schedule.total(t[s]);
      rate[s] = schedule.rate(t[s]);
    }
    int[] x = new int[x0.length];
    for (int r = 0; r < x.length; r++) {
      int sequence = layout.sequenceOf(r);
      x[r] = perturb(x0[r], sigma[sequence], step, first + sequence, layout.positionOf(r));
    }
    return new NoisyBatch(
        NetworkInput.ofRows(layout, x, sigma, rowsThatMatter(graph, x)), x0, rate);
  }

  private int perturb(int x0, double sigma, int step, int sequence, int position) {
    double move = random.uniform(Purpose.MOVE, step, sequence, position);
    int token =
        switch (graph) {
          case Graph.Absorbing _ -> x0;
          case Graph.Uniform uniform ->
              (int)
                  (uniform.tokens()
                      * random.uniform(Purpose.REPLACEMENT, step, sequence, position));
        };
    return graph.perturb(x0, sigma, move, token);
  }

  /** Rows whose score entropy is not 0 by definition: the masked ones, or all. */
  public static int[] rowsThatMatter(Graph graph, int[] x) {
    return switch (graph) {
      case Graph.Absorbing absorbing ->
          IntStream.range(0, x.length).filter(r -> x[r] == absorbing.mask()).toArray();
      case Graph.Uniform _ -> IntStream.range(0, x.length).toArray();
    };
  }
}
