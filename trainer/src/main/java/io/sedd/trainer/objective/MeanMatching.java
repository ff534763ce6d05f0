package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;

/**
 * Mean prediction: cross-entropy of the clean token given the noisy sequence (arXiv 2107.03006,
 * section 3.4), of each sequence g(t)/expm1(sigma(t)) times the sum over its noisy positions. With
 * that weight it is, for the absorbing graph, score entropy with the scores that follow from the
 * prediction, and so the likelihood bound itself; for the uniform graph it has the bound's order at
 * small times. The optimum at each time does not depend on the weight.
 */
public final class MeanMatching extends NoisyObjective {

  public MeanMatching(Graph graph, Backend backend) {
    super(graph, backend);
  }

  @Override
  public double[] evaluate(
      ScoreModel model, Tensor logits, NoisyBatch batch, double share, Tensor gradient) {
    int[] target = batch.wantedClean();
    double[] weight = new double[target.length];
    double[] ofRows = new double[target.length];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = share * weight(batch, i);
    }
    backend.crossEntropy(logits, graph.tokens(), target, weight, ofRows, gradient);
    double[] loss = new double[batch.sequences()];
    for (int i = 0; i < ofRows.length; i++) {
      loss[batch.input().wantedLayout().sequenceOf(i)] += weight(batch, i) * ofRows[i];
    }
    return loss;
  }

  private static double weight(NoisyBatch batch, int row) {
    int sequence = batch.input().wantedLayout().sequenceOf(row);
    return batch.rate()[sequence] / Math.expm1(batch.input().sigma()[sequence]);
  }
}
