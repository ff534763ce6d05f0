package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;

/**
 * A network that predicts the clean token, seen as one that gives scores: the mean parametrization
 * of D3PM (arXiv 2107.03006). Whatever denoises by scores runs it as it is.
 *
 * @param network whose logits are those of the clean token; stays its owner's
 * @param graph whose scores are wanted
 */
public record MeanPrediction(ScoreModel network, Graph graph, Backend backend)
    implements ScoreModel {

  @Override
  public NetworkShape shape() {
    return network.shape();
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    return evaluate(input, workspace).logits(0, input.wanted().length);
  }

  @Override
  public Head evaluate(NetworkInput input, Workspace workspace) {
    Head head = network.evaluate(input, workspace);
    int[] own = input.wantedTokens();
    return (from, to) -> {
      Tensor logits = head.logits(from, to);
      backend.meanScores(
          graph,
          logits,
          input.wantedLayout().slice(from, to),
          Arrays.copyOfRange(own, from, to),
          input.sigma());
      return logits;
    };
  }

  /** The logits are log scores already. */
  @Override
  public double logOffset(double sigma) {
    return 0;
  }
}
