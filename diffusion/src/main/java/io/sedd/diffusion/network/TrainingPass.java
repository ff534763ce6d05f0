package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Tensor;
import java.util.List;

/**
 * A forward pass with all that its backward needs; valid until the workspace that it was made in is
 * released.
 */
public final class TrainingPass {

  private final NetworkInput input;
  private final SigmaEmbedding.Activations sigma;
  private final List<TransformerBlock.Activations> blocks;
  private final OutputLayer.Activations output;

  TrainingPass(
      NetworkInput input,
      SigmaEmbedding.Activations sigma,
      List<TransformerBlock.Activations> blocks,
      OutputLayer.Activations output) {
    this.input = input;
    this.sigma = sigma;
    this.blocks = List.copyOf(blocks);
    this.output = output;
  }

  /** Logits of the wanted rows, [wanted rows, V]. */
  public Tensor logits() {
    return output.logits();
  }

  /** What went in. */
  public NetworkInput input() {
    return input;
  }

  SigmaEmbedding.Activations sigma() {
    return sigma;
  }

  List<TransformerBlock.Activations> blocks() {
    return blocks;
  }

  OutputLayer.Activations output() {
    return output;
  }
}
