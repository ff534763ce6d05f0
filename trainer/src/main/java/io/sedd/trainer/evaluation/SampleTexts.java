package io.sedd.trainer.evaluation;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts that a network writes with nothing given, for a person to look at. The same seed at every
 * call: what changes from one to the next is the network.
 *
 * @param process graph and noise
 * @param texts how many, of the network's whole length
 * @param steps of the analytic predictor
 * @param seed of all of them
 */
public record SampleTexts(
    DiffusionProcess process, Tokenizer tokenizer, int texts, int steps, long seed) {

  /**
   * Draws the texts.
   *
   * @throws ArithmeticException if the network's scores are not finite
   */
  public List<String> draw(ScoreModel network, Backend backend) {
    int length = network.shape().length();
    DiffusionModel model = new DiffusionModel(network, process);
    List<Lane> lanes =
        IntStream.range(0, texts)
            .mapToObj(
                sample ->
                    new Lane(
                        new LaneRequest(
                            Template.blank(length), Predictor.ANALYTIC, steps, 1, 1, seed, sample),
                        model))
            .toList();
    try (DenoisingBatch batch = new DenoisingBatch(backend, texts * length)) {
      lanes.forEach(batch::offer);
      while (!batch.isEmpty()) {
        for (Lane ended : batch.step()) {
          ended
              .failure()
              .ifPresent(
                  why -> {
                    throw new ArithmeticException("a sample text cannot be drawn: " + why);
                  });
        }
      }
    }
    return lanes.stream().map(lane -> tokenizer.decode(lane.tokens())).toList();
  }
}
