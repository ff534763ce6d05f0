package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.process.Graph;
import io.sedd.trainer.objective.TrainingRandom.Purpose;
import java.util.stream.IntStream;

/**
 * Neighbours y of noisy sequences x: sequences that x could turn into by one move of the noise,
 * each move as likely as any other.
 *
 * @param graph which moves there are
 * @param random source of the choice
 */
record Neighbours(Graph graph, TrainingRandom random) {

  /**
   * A neighbour.
   *
   * @param row of x that moves
   * @param state that it moves to
   * @param rates sum of the rates of all moves out of x, by one of which y comes
   */
  record Neighbour(int row, int state, double rates) {}

  /**
   * The neighbour of one sequence of a batch, or null if the noise cannot move it any more.
   *
   * @param x states of all rows
   * @param number which of several independent ones
   */
  Neighbour of(RowLayout layout, int[] x, int sequence, int step, int first, int number) {
    double where = random.uniform(Purpose.NEIGHBOUR, step, first + sequence, 2 * number);
    IntStream rows = IntStream.range(layout.start(sequence), layout.end(sequence));
    return switch (graph) {
      case Graph.Absorbing absorbing -> {
        int[] unmasked = rows.filter(r -> x[r] != absorbing.mask()).toArray();
        yield unmasked.length == 0
            ? null
            : new Neighbour(
                unmasked[(int) (where * unmasked.length)], absorbing.mask(), unmasked.length);
      }
      case Graph.Uniform uniform -> {
        int row = layout.start(sequence) + (int) (where * layout.length(sequence));
        double which = random.uniform(Purpose.NEIGHBOUR, step, first + sequence, 2 * number + 1);
        int v = uniform.states();
        int other = (int) (which * (v - 1));
        yield new Neighbour(
            row, other < x[row] ? other : other + 1, layout.length(sequence) * (v - 1.0) / v);
      }
    };
  }
}
