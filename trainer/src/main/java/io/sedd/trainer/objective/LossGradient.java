package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.TrainingMode;
import io.sedd.diffusion.network.TrainingPass;

/** Forward, loss and backward of a network; keeps its workspace between batches. */
public final class LossGradient implements AutoCloseable {

  private final ScoreNetwork network;
  private final Workspace workspace;

  /** For a network that its owner closes. */
  public LossGradient(ScoreNetwork network, Backend backend) {
    this.network = network;
    this.workspace = backend.workspace();
  }

  /**
   * Adds the gradient of share · (sum of the sequences' losses).
   *
   * @param mode dropout of these sequences, and what is kept for the way back
   * @return the loss of each sequence, without the share
   */
  public double[] add(Question question, TrainingMode mode, double share, Parameters gradients) {
    if (question.input().wanted().length == 0) {
      return new double[question.sequences()];
    }
    workspace.reset();
    TrainingPass pass = network.forwardForTraining(question.input(), mode, workspace);
    Tensor logits = pass.logits();
    double[] losses = question.loss().evaluate(network, logits, share, logits);
    network.backward(pass, logits, gradients, workspace);
    return losses;
  }

  @Override
  public void close() {
    workspace.close();
  }
}
