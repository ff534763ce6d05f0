package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * The score network of SEDD (arXiv 2310.16834, appendix C.1): a diffusion transformer over ragged
 * sequences, written once on the backend seam. Only the wanted rows reach the vocabulary
 * projection.
 */
public final class ScoreNetwork implements ScoreModel, AutoCloseable {

  private final NetworkShape shape;
  private final Parameters weights;
  private final Backend backend;
  private final SigmaEmbedding sigmaEmbedding;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final OutputLayer outputLayer;

  /** A network on weights that it from now on owns. */
  public ScoreNetwork(NetworkShape shape, Parameters weights, Backend backend) {
    this.shape = shape;
    this.weights = weights;
    this.backend = backend;
    this.sigmaEmbedding = new SigmaEmbedding(shape, weights, backend);
    for (int n = 0; n < shape.blocks(); n++) {
      blocks.add(new TransformerBlock(shape, n, weights, backend));
    }
    this.outputLayer = new OutputLayer(shape, weights, backend);
  }

  @Override
  public NetworkShape shape() {
    return shape;
  }

  /** The weights, by their official names. */
  public Parameters weights() {
    return weights;
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    return logits(input, workspace, ActivationObserver.NONE);
  }

  /** As {@link #logits(NetworkInput, Workspace)}, showing intermediate values to an observer. */
  public Tensor logits(NetworkInput input, Workspace workspace, ActivationObserver observer) {
    Tensor conditioning = sigmaEmbedding.forward(input.sigma(), workspace, observer).conditioning();
    Tensor x = embed(input, workspace, observer);
    blocks(x, conditioning, input.layout(), workspace, observer);
    return outputLayer.forward(x, conditioning, input, false, workspace, observer).logits();
  }

  @Override
  public Head evaluate(NetworkInput input, Workspace workspace) {
    ActivationObserver nobody = ActivationObserver.NONE;
    Tensor conditioning = sigmaEmbedding.forward(input.sigma(), workspace, nobody).conditioning();
    Tensor x = embed(input, workspace, nobody);
    RowLayout layout = input.layout();
    backend.replayed(
        this,
        layout,
        List.of(conditioning, x),
        () -> blocks(x, conditioning, layout, workspace, nobody));
    Tensor normed = outputLayer.normed(x, conditioning, input, workspace);
    return (from, to) -> outputLayer.project(normed, from, to, workspace);
  }

  /** Moves x through all blocks. */
  private void blocks(
      Tensor x,
      Tensor conditioning,
      RowLayout layout,
      Workspace workspace,
      ActivationObserver observer) {
    for (TransformerBlock block : blocks) {
      long mark = workspace.mark();
      block.forward(x, conditioning, layout, false, Dropout.NONE, workspace, observer);
      workspace.release(mark);
    }
  }

  /** As {@link #forwardForTraining(NetworkInput, TrainingMode, Workspace)}, plainly. */
  public TrainingPass forwardForTraining(NetworkInput input, Workspace workspace) {
    return forwardForTraining(input, TrainingMode.PLAIN, workspace);
  }

  /** A forward pass that keeps, in the workspace, what {@link #backward} needs. */
  public TrainingPass forwardForTraining(
      NetworkInput input, TrainingMode mode, Workspace workspace) {
    return forwardForTraining(input, mode, workspace, ActivationObserver.NONE);
  }

  /**
   * As {@link #forwardForTraining(NetworkInput, TrainingMode, Workspace)}, showing intermediate
   * values to an observer.
   */
  public TrainingPass forwardForTraining(
      NetworkInput input, TrainingMode mode, Workspace workspace, ActivationObserver observer) {
    if (shape.architecture() == Architecture.GPT2) {
      throw new IllegalStateException("a GPT-2 network is evaluated only, not trained");
    }
    SigmaEmbedding.Activations sigma = sigmaEmbedding.forward(input.sigma(), workspace, observer);
    Tensor x = embed(input, workspace, observer);
    List<Tensor> inputs = new ArrayList<>(blocks.size());
    List<TransformerBlock.Activations> kept = new ArrayList<>(blocks.size());
    for (TransformerBlock block : blocks) {
      inputs.add(x);
      if (mode.recompute()) {
        Tensor result = workspace.take(x.rows(), x.columns());
        long mark = workspace.mark();
        backend.copy(forward(block, x, input, mode, sigma, workspace, observer).result(), result);
        workspace.release(mark);
        x = result;
      } else {
        kept.add(forward(block, x, input, mode, sigma, workspace, observer));
        x = kept.getLast().result();
      }
    }
    return new TrainingPass(
        input,
        mode,
        sigma,
        inputs,
        kept,
        outputLayer.forward(x, sigma.conditioning(), input, true, workspace, observer));
  }

  /** Of one block, all kept. */
  private TransformerBlock.Activations forward(
      TransformerBlock block,
      Tensor x,
      NetworkInput input,
      TrainingMode mode,
      SigmaEmbedding.Activations sigma,
      Workspace workspace,
      ActivationObserver observer) {
    return block.forward(
        x, sigma.conditioning(), input.layout(), true, mode.dropout(), workspace, observer);
  }

  /**
   * Adds the gradients of all parameters.
   *
   * @param dLogits gradient at the logits of the pass, [wanted rows, V]; overwritten
   */
  public void backward(
      TrainingPass pass, Tensor dLogits, Parameters gradients, Workspace workspace) {
    NetworkInput input = pass.input();
    Tensor conditioning = pass.sigma().conditioning();
    long mark = workspace.mark();
    Tensor dConditioning = workspace.take(conditioning.rows(), conditioning.columns());
    backend.fill(dConditioning, 0);
    Tensor dx = workspace.take(input.layout().rows(), shape.hidden());
    outputLayer.backward(
        pass.output(), conditioning, input, dLogits, dx, dConditioning, gradients, workspace);
    for (int n = blocks.size() - 1; n >= 0; n--) {
      long ofBlock = workspace.mark();
      TransformerBlock.Activations activations =
          pass.mode().recompute()
              ? forward(
                  blocks.get(n),
                  pass.inputs().get(n),
                  input,
                  pass.mode(),
                  pass.sigma(),
                  workspace,
                  ActivationObserver.NONE)
              : pass.blocks().get(n);
      blocks
          .get(n)
          .backward(
              activations,
              conditioning,
              input.layout(),
              pass.mode().dropout(),
              dx,
              dConditioning,
              gradients,
              workspace);
      workspace.release(ofBlock);
    }
    backend.embedBackward(dx, input.tokens(), gradients.tensor("vocab_embed.embedding"));
    sigmaEmbedding.backward(pass.sigma(), dConditioning, gradients, workspace);
    workspace.release(mark);
  }

  private Tensor embed(NetworkInput input, Workspace workspace, ActivationObserver observer) {
    Tensor x = workspace.take(input.layout().rows(), shape.hidden());
    backend.embed(weights.tensor("vocab_embed.embedding"), input.tokens(), x);
    if (!shape.architecture().rotary()) {
      long mark = workspace.mark();
      Tensor positions = workspace.take(input.layout().rows(), shape.hidden());
      backend.embed(
          weights.tensor(ParameterLayout.POSITIONS), input.layout().positionOfRows(), positions);
      backend.add(positions, x);
      workspace.release(mark);
    }
    observer.observe("embed", x);
    return x;
  }

  /** Gives the weights back. */
  @Override
  public void close() {
    weights.close();
  }
}
