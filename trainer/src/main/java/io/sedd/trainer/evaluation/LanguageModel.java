package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network that predicts the next token, with its vocabulary.
 *
 * @param name for reports
 * @param network its weights; owned by this record
 * @param vocabulary text to tokens and back
 * @param begin state that it reads before the first token
 */
public record LanguageModel(String name, ScoreNetwork network, Vocabulary vocabulary, int begin)
    implements AutoCloseable {

  /**
   * Opens an autoregressive checkpoint of this trainer, a folder of which the latest is taken, or a
   * GPT-2 folder.
   *
   * @throws CheckpointException if it is none of them
   */
  public static LanguageModel open(Path folder, Backend backend) throws IOException {
    if (Gpt2Folder.is(folder)) {
      return Gpt2Folder.open(folder, backend);
    }
    Checkpoint checkpoint = CheckpointFolder.open(folder);
    checkpoint.verify();
    return of(checkpoint, backend);
  }

  /**
   * Loads a checkpoint whose sizes and hashes are sound.
   *
   * @throws CheckpointException if it was not trained to predict the next token
   */
  public static LanguageModel of(Checkpoint checkpoint, Backend backend) throws IOException {
    CheckpointConfig config = checkpoint.config();
    if (config.objective() != CheckpointConfig.Objective.AUTOREGRESSIVE) {
      throw new CheckpointException(
          "%s: was trained by %s; needed is an autoregressive checkpoint, or a GPT-2 folder"
              .formatted(checkpoint.folder(), config.objective().key()));
    }
    Vocabulary vocabulary = Vocabulary.load(config.requiredTokenizer(), checkpoint.folder());
    if (vocabulary.size() != config.tokens()) {
      throw new CheckpointException(
          "%s: the tokenizer has %d tokens, the network %d"
              .formatted(checkpoint.folder(), vocabulary.size(), config.tokens()));
    }
    NetworkShape shape = NetworkShape.of(config);
    try (Safetensors file = Safetensors.open(checkpoint.weights())) {
      var weights = WeightFile.read(file, shape, backend);
      weights.freeze(backend);
      return new LanguageModel(
          checkpoint.name(),
          new ScoreNetwork(shape, weights, backend),
          vocabulary,
          config.tokens());
    }
  }

  /** Whether a folder holds one, without loading it. */
  public static boolean isIn(Path folder) throws IOException {
    return Gpt2Folder.is(folder)
        || (Files.exists(folder.resolve(Checkpoint.CONFIG_FILE)) || Files.isDirectory(folder))
            && CheckpointFolder.open(folder).config().objective()
                == CheckpointConfig.Objective.AUTOREGRESSIVE;
  }

  /** Longest sequence that it reads. */
  public int length() {
    return network.shape().length();
  }

  /** The likelihood of sequences of its tokens. */
  public NextTokenLikelihood likelihood(int batch, Backend backend) {
    return new NextTokenLikelihood(vocabulary.size(), begin, batch, backend);
  }

  @Override
  public void close() {
    network.close();
  }
}
