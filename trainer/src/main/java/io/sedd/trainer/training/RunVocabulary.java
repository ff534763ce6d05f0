package io.sedd.trainer.training;

import io.sedd.diffusion.text.BytePairTokenizer;
import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.Gpt2Tokenizer;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.diffusion.text.TokenizerJsonReader;
import io.sedd.diffusion.text.TokenizerJsonWriter;
import io.sedd.diffusion.text.Tokenizers;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.corpus.BpeTrainer;
import io.sedd.trainer.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A run's tokenizer.
 *
 * @param tokenizer text to tokens and back
 * @param name in the checkpoint's config
 * @param files what a checkpoint needs to have it again
 */
record RunVocabulary(Tokenizer tokenizer, String name, CheckpointPublisher.VocabularyFiles files) {

  private static final String FILE = "tokenizer.json";

  /** As the settings say: learned from the corpus, read from a file, or built in. */
  static RunVocabulary of(TrainingConfiguration.Vocabulary settings, Corpus corpus)
      throws IOException {
    return switch (settings.kind()) {
      case TRAIN -> own(BpeTrainer.train(corpus.documents(), settings.vocabulary()));
      case FILE -> own(TokenizerJsonReader.read(settings.file().orElseThrow()));
      case BYTES -> new RunVocabulary(new ByteTokenizer(), "bytes", _ -> {});
      case GPT2 -> new RunVocabulary(new Gpt2Tokenizer(), "gpt2", _ -> {});
    };
  }

  /** That of a checkpoint, kept in memory: its folder may go while the run goes on. */
  static RunVocabulary of(Checkpoint checkpoint) throws IOException {
    var file = checkpoint.tokenizerFile();
    if (file.isPresent()) {
      return own(TokenizerJsonReader.read(file.get()));
    }
    String name = checkpoint.config().requiredTokenizer();
    return new RunVocabulary(Tokenizers.load(name, checkpoint.folder()), name, _ -> {});
  }

  private static RunVocabulary own(BytePairVocabulary vocabulary) {
    return new RunVocabulary(
        new BytePairTokenizer(vocabulary),
        FILE,
        (Path folder) -> TokenizerJsonWriter.write(vocabulary, folder.resolve(FILE)));
  }
}
