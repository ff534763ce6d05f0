package io.sedd.trainer.objective;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.process.Graph;
import java.util.stream.IntStream;

/**
 * Clean sequences and what noise made of them.
 *
 * @param input noisy sequences, with the rows that can have a loss as the wanted ones
 * @param clean x0 of every row
 * @param rate g(t) of each sequence
 */
@SuppressWarnings("ArrayRecordComponent") // used once, by one thread, never compared
public record NoisyBatch(NetworkInput input, int[] clean, double[] rate) {

  /**
   * Noisy sequences at given times.
   *
   * @param t time of each sequence
   * @param x noisy state of every row
   * @param x0 clean token of every row
   */
  public static NoisyBatch of(
      DiffusionProcess process, RowLayout layout, double[] t, int[] x, int[] x0) {
    double[] sigma = new double[t.length];
    double[] rate = new double[t.length];
    for (int s = 0; s < t.length; s++) {
      sigma[s] = process.noise().total(t[s]);
      rate[s] = process.noise().rate(t[s]);
    }
    int[] rows = rowsThatMatter(process.graph(), x);
    return new NoisyBatch(NetworkInput.ofRows(layout, x, sigma, rows), x0, rate);
  }

  /** Rows whose score entropy is not 0 by definition: the masked ones, or all. */
  private static int[] rowsThatMatter(Graph graph, int[] x) {
    IntStream all = IntStream.range(0, x.length);
    return switch (graph) {
      case Graph.Absorbing absorbing -> all.filter(r -> x[r] == absorbing.mask()).toArray();
      case Graph.Uniform _ -> all.toArray();
    };
  }

  /** Whether no row can have a loss: no position of an absorbing batch was masked. */
  public boolean nothingWanted() {
    return input.wanted().length == 0;
  }

  /** Number of sequences. */
  public int sequences() {
    return rate.length;
  }

  /** Of each sequence g(t) times the sum over its wanted rows. */
  double[] ratedSums(double[] ofWanted) {
    double[] sums = new double[sequences()];
    for (int i = 0; i < ofWanted.length; i++) {
      int sequence = input.wantedLayout().sequenceOf(i);
      sums[sequence] += rate[sequence] * ofWanted[i];
    }
    return sums;
  }

  /** Noisy state of every wanted row. */
  int[] wantedNoisy() {
    return select(input.tokens());
  }

  /** x0 of every wanted row. */
  int[] wantedClean() {
    return select(clean);
  }

  private int[] select(int[] ofRows) {
    int[] selected = new int[input.wanted().length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = ofRows[input.wanted()[i]];
    }
    return selected;
  }
}
