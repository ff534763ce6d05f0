package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * The diffusion weighted denoising score entropy at the times of a batch (arXiv 2310.16834,
 * equation 10): of each sequence g(t) times the sum over its positions of the score entropy.
 */
public final class DenoisingScoreEntropy extends NoisyObjective {

  public DenoisingScoreEntropy(Graph graph, Backend backend) {
    super(graph, backend);
  }

  @Override
  public double[] evaluate(
      ScoreModel model, Tensor logits, NoisyBatch batch, double share, Tensor gradient) {
    List<EntropyTerm> terms = new ArrayList<>(batch.sequences());
    for (int s = 0; s < batch.sequences(); s++) {
      double sigma = batch.input().sigma()[s];
      terms.add(new EntropyTerm(sigma, model.logOffset(sigma), batch.rate()[s] * share));
    }
    double[] ofRows = new double[batch.input().wanted().length];
    backend.scoreEntropy(
        graph,
        logits,
        batch.input().wantedLayout(),
        batch.wantedNoisy(),
        batch.wantedClean(),
        terms,
        ofRows,
        gradient);
    return batch.ratedSums(ofRows);
  }
}
