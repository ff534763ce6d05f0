package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Tensor;
import java.util.List;

/**
 * A forward pass with all that its backward needs; valid until the workspace that it was made in is
 * released.
 */
public final class TrainingPass {

  private final NetworkInput input;
  private final TrainingMode mode;
  private final SigmaEmbedding.Activations sigma;
  private final List<Tensor> inputs;
  private final List<TransformerBlock.Activations> blocks;
  private final OutputLayer.Activations output;

  TrainingPass(
      NetworkInput input,
      TrainingMode mode,
      SigmaEmbedding.Activations sigma,
      List<Tensor> inputs,
      List<TransformerBlock.Activations> blocks,
      OutputLayer.Activations output) {
    this.input = input;
    this.mode = mode;
    this.sigma = sigma;
    this.inputs = List.copyOf(inputs);
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

  TrainingMode mode() {
    return mode;
  }

  /** x before each block, [R, h]. */
  List<Tensor> inputs() {
    return inputs;
  }

  SigmaEmbedding.Activations sigma() {
    return sigma;
  }

  /** What is kept of each block; empty where it is computed again. */
  List<TransformerBlock.Activations> blocks() {
    return blocks;
  }

  OutputLayer.Activations output() {
    return output;
  }
}
