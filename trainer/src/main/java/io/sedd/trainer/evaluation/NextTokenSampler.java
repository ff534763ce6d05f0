package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences from a network that predicts the next token, each drawn exactly from its distribution.
 * Every token reads the whole sequence so far again: for comparisons, not for service.
 *
 * @param begin state before the first token, which no token is
 * @param backend that the network lives on
 */
public record NextTokenSampler(int begin, Backend backend) {

  /** The softmax without the own state, which is the beginning. */
  private static DrawRule rule(long seed, int sample, int position) {
    return new DrawRule(1, 0, 0, 0, 0, 1, 1, seed, sample, position);
  }

  /**
   * Draws sequences of one length.
   *
   * @throws ArithmeticException if the network's output is not finite
   */
  public List<int[]> draw(ScoreModel network, int count, int length, long seed) {
    int[][] sequences = new int[count][length];
    try (Workspace workspace = backend.workspace()) {
      for (int p = 0; p < length; p++) {
        int position = p;
        int[] lengths = new int[count];
        Arrays.fill(lengths, p + 1);
        RowLayout layout = RowLayout.ofLengths(lengths);
        int[] read = new int[layout.rows()];
        for (int s = 0; s < count; s++) {
          read[layout.start(s)] = begin;
          System.arraycopy(sequences[s], 0, read, layout.start(s) + 1, p);
        }
        int[] last = IntStream.range(0, count).map(s -> layout.end(s) - 1).toArray();
        NetworkInput input = NetworkInput.ofRows(layout, read, new double[count], last);
        Tensor logits = network.logits(input, workspace);
        int[] own = new int[count];
        Arrays.fill(own, begin);
        int[] drawn = new int[count];
        List<DrawRule> rules =
            IntStream.range(0, count).mapToObj(s -> rule(seed, s, position)).toList();
        backend.draw(logits, input.wantedLayout(), own, rules, drawn);
        for (int s = 0; s < count; s++) {
          sequences[s][p] = drawn[s];
        }
        workspace.reset();
      }
    }
    return List.of(sequences);
  }
}
