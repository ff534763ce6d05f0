package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;

/**
 * A batch as an objective puts it to a network.
 *
 * @param input what goes in
 * @param sequences clean ones that it is about
 * @param loss of what comes out
 */
public record Question(NetworkInput input, int sequences, Loss loss) {

  /** The loss of a network's answer. */
  @FunctionalInterface
  public interface Loss {

    /**
     * The loss of each clean sequence, in nats (not divided by its length).
     *
     * @param model which gave the logits
     * @param logits of the wanted rows, [wanted rows, V]
     * @param share what the mean over a whole step multiplies each sequence's loss by
     * @param gradient receives d (share · sum of the losses) / d logits; may be the logits
     *     themselves; null where none is wanted
     */
    double[] evaluate(ScoreModel model, Tensor logits, double share, Tensor gradient);
  }
}
