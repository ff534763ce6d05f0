package io.sedd.diffusion;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.MeanPrediction;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.diffusion.text.Tokenizers;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;

/**
 * A checkpoint ready to denoise: its weights in a backend's memory, its process, its tokenizer.
 *
 * @param checkpoint the files it came from
 * @param network the weights; owned by this record
 * @param model the same with graph and noise, as the sampler wants it
 * @param tokenizer text to tokens and back
 */
public record LoadedCheckpoint(
    Checkpoint checkpoint, ScoreNetwork network, DiffusionModel model, Tokenizer tokenizer)
    implements AutoCloseable {

  /**
   * Reads weights and tokenizer; sizes and hashes are {@link Checkpoint#verify}'s business.
   *
   * @throws CheckpointException if the weights do not fit the configuration, are not finite, or the
   *     tokenizer's number of tokens is not the network's, or it is an autoregressive model
   */
  public static LoadedCheckpoint load(Checkpoint checkpoint, Backend backend) throws IOException {
    requireScores(checkpoint);
    Tokenizer tokenizer =
        Tokenizers.load(checkpoint.config().requiredTokenizer(), checkpoint.folder());
    if (tokenizer.vocabularySize() != checkpoint.config().tokens()) {
      throw new CheckpointException(
          checkpoint.folder()
              + ": the tokenizer has "
              + tokenizer.vocabularySize()
              + " tokens, the network "
              + checkpoint.config().tokens());
    }
    NetworkShape shape = NetworkShape.of(checkpoint.config());
    try (Safetensors file = Safetensors.open(checkpoint.weights())) {
      Parameters weights = WeightFile.read(file, shape, backend);
      weights.freeze(backend);
      ScoreNetwork network = new ScoreNetwork(shape, weights, backend);
      DiffusionProcess process = DiffusionProcess.of(checkpoint.config());
      return new LoadedCheckpoint(
          checkpoint,
          network,
          new DiffusionModel(
              scores(checkpoint.config().objective(), network, process, backend), process),
          tokenizer);
    }
  }

  /**
   * What the sampler sees of a network: its log scores, or those that follow from what it predicts.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static ScoreModel scores(
      CheckpointConfig.Objective objective,
      ScoreNetwork network,
      DiffusionProcess process,
      Backend backend) {
    return switch (objective) {
      case SCORE_ENTROPY, IMPLICIT_SCORE_ENTROPY, CONCRETE_SCORE_MATCHING -> network;
      case MEAN_PREDICTION -> new MeanPrediction(network, process.graph(), backend);
      case AUTOREGRESSIVE ->
          throw new IllegalArgumentException("an autoregressive network has no scores");
    };
  }

  private static void requireScores(Checkpoint checkpoint) {
    if (checkpoint.config().objective() == CheckpointConfig.Objective.AUTOREGRESSIVE) {
      throw new CheckpointException(
          checkpoint.folder()
              + ": is an autoregressive model (objective in its config.json), which has no scores"
              + " to denoise with; give a checkpoint of a diffusion objective. sedd evaluate takes"
              + " it for perplexity and as a judge");
    }
  }

  /** Frees the weights. */
  @Override
  public void close() {
    network.close();
  }
}
