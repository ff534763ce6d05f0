package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.TrainingPass;
import io.sedd.diffusion.process.Graph;

/** Forward, loss and backward of a network; keeps its workspace between batches. */
public final class LossGradient implements AutoCloseable {

  private final ScoreNetwork network;
  private final DenoisingScoreEntropy entropy;
  private final Workspace workspace;

  /** For a network that its owner closes. */
  public LossGradient(ScoreNetwork network, Graph graph, Backend backend) {
    this.network = network;
    this.entropy = new DenoisingScoreEntropy(graph, backend);
    this.workspace = backend.workspace();
  }

  /**
   * Adds the gradient of share · (sum of the sequences' losses).
   *
   * @return the loss of each sequence, without the share
   */
  public double[] add(NoisyBatch batch, double share, Parameters gradients) {
    if (batch.nothingWanted()) {
      return new double[batch.sequences()];
    }
    workspace.reset();
    TrainingPass pass = network.forwardForTraining(batch.input(), workspace);
    Tensor logits = pass.logits();
    double[] losses = entropy.evaluate(network, logits, batch, share, logits);
    network.backward(pass, logits, gradients, workspace);
    return losses;
  }

  @Override
  public void close() {
    workspace.close();
  }
}
