package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;

/** Anything that gives log scores for noisy sequences: the network, or an exact oracle in tests. */
public interface ScoreModel {

  /** What the model works on. */
  NetworkShape shape();

  /**
   * Logits of the wanted rows, [wanted rows, V], valid until the workspace is released. Log score =
   * logit + {@link #logOffset} of the row's sequence; the entry of a row's own state is undefined
   * and stands for 0.
   */
  Tensor logits(NetworkInput input, Workspace workspace);

  /**
   * As {@link #logits}, up to the vocabulary projection; a model that has none has all logits then.
   *
   * @param workspace in which the head goes on to work
   */
  default Head evaluate(NetworkInput input, Workspace workspace) {
    Tensor all = logits(input, workspace);
    return (from, to) -> all.view((long) from * all.columns(), to - from, all.columns());
  }

  /**
   * What is added to the logits of a sequence with total noise {@code sigma} to give log scores.
   */
  default double logOffset(double sigma) {
    return shape().logOffset(sigma);
  }
}
