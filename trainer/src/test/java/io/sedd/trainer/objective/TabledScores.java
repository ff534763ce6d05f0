package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;

/** Stands for a network whose logits are log scores and come from a test's own table. */
record TabledScores(Graph graph) implements ScoreModel {

  @Override
  public NetworkShape shape() {
    return new NetworkShape(graph.states(), 2, 1, 8, 1, 1, false);
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    throw new UnsupportedOperationException("the test has the logits");
  }
}
