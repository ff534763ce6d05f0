package io.sedd.trainer.training;

import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.PackedCorpus;
import io.sedd.trainer.corpus.PackedFolder;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;

/** What a run trains on: texts, tokenised into memory, or a corpus packed before. */
sealed interface TrainingText extends AutoCloseable {

  /** Rows of the tokens; usable until this is closed. */
  PackedCorpus rows(Vocabulary vocabulary, int length);

  @Override
  void close();

  /** Opens what the settings name. */
  static TrainingText open(TrainingConfiguration.Texts settings) throws IOException {
    if (settings.packed().isEmpty()) {
      return new Plain(Corpus.of(settings.train(), settings.reading()));
    }
    return packed(settings.packed().get(), settings.verify());
  }

  private static Packed packed(Path path, boolean verify) throws IOException {
    PackedFolder folder = PackedFolder.open(path);
    try {
      if (verify) {
        folder.verify();
      }
      return new Packed(folder);
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Texts. */
  record Plain(Corpus corpus) implements TrainingText {
    @Override
    public PackedCorpus rows(Vocabulary vocabulary, int length) {
      return PackedCorpus.pack(corpus.documents(), vocabulary.tokenizer(), length);
    }

    @Override
    public void close() {}
  }

  /** Token shards; their vocabulary is the run's. */
  record Packed(PackedFolder folder) implements TrainingText {
    @Override
    public PackedCorpus rows(Vocabulary vocabulary, int length) {
      return folder.rows(length);
    }

    @Override
    public void close() {
      folder.close();
    }
  }
}
