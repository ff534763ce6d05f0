package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.NetworkInput;
import java.util.Arrays;

/**
 * The autoregressive baseline: -ln p(x0) of each sequence as the sum of its tokens' cross-entropies
 * given those before them. The first is predicted from a state that is no token, the one that is
 * the mask elsewhere, so that the network has the size of a diffusion network and its likelihood is
 * of the same tokens as the diffusion's bound. Noise plays no part.
 */
public final class NextToken implements Objective {

  private final int tokens;
  private final Backend backend;

  /**
   * @param tokens of the vocabulary; the state after the last one begins every sequence
   */
  public NextToken(int tokens, Backend backend) {
    this.tokens = tokens;
    this.backend = backend;
  }

  @Override
  public Question ask(NoisyBatch batch, int step, int first) {
    RowLayout layout = batch.input().layout();
    return new Question(
        input(layout, batch.clean(), tokens),
        batch.sequences(),
        (_, logits, share, gradient) -> evaluate(logits, layout, batch.clean(), share, gradient));
  }

  /**
   * Sequences as the network reads them: each row has the token before its own.
   *
   * @param clean the token of every row
   * @param begin what stands before the first of a sequence
   */
  public static NetworkInput input(RowLayout layout, int[] clean, int begin) {
    int[] before = new int[clean.length];
    for (int r = 0; r < before.length; r++) {
      before[r] = layout.positionOf(r) == 0 ? begin : clean[r - 1];
    }
    return NetworkInput.ofAll(layout, before, new double[layout.sequences()]);
  }

  private double[] evaluate(
      Tensor logits, RowLayout layout, int[] clean, double share, Tensor gradient) {
    double[] weight = new double[clean.length];
    Arrays.fill(weight, share);
    double[] ofRows = new double[clean.length];
    backend.crossEntropy(logits, tokens, clean, weight, ofRows, gradient);
    double[] loss = new double[layout.sequences()];
    for (int r = 0; r < ofRows.length; r++) {
      loss[layout.sequenceOf(r)] += ofRows[r];
    }
    return loss;
  }
}
