package io.sedd.trainer.training;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.trainer.corpus.BpeTrainer;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.training.TrainingConfiguration.TokenizerKind;
import java.io.IOException;
import java.util.Optional;

/** Chooses a run's vocabulary: that of its checkpoint, of its packed corpus, or of its settings. */
final class RunVocabulary {

  private RunVocabulary() {}

  /** Of a run that begins. */
  static Vocabulary of(TrainingConfiguration.Vocabulary settings, TrainingText text)
      throws IOException {
    Optional<Vocabulary> wanted = named(settings);
    return switch (text) {
      case TrainingText.Plain plain ->
          wanted.isPresent()
              ? wanted.get()
              : Vocabulary.of(BpeTrainer.train(plain.corpus().documents(), settings.vocabulary()));
      case TrainingText.Packed packed -> {
        Vocabulary given = packed.folder().vocabulary();
        if (settings.kind() == TokenizerKind.TRAIN) {
          throw new IllegalArgumentException(
              packed.folder().folder()
                  + " is tokenised already, so no tokenizer is trained on it; set tokenizer.kind to"
                  + " auto, or pack the texts again");
        }
        if (wanted.isPresent() && !same(wanted.get(), given)) {
          throw new IllegalArgumentException(
              "%s was packed with %s, the configuration asks for %s; set tokenizer.kind to auto, or pack the texts again"
                  .formatted(packed.folder().folder(), described(given), described(wanted.get())));
        }
        yield given;
      }
    };
  }

  /**
   * Of a run that goes on: the checkpoint's, which the settings and the corpus must agree with.
   *
   * @throws CheckpointException if they do not
   */
  static Vocabulary of(
      TrainingConfiguration.Vocabulary settings, TrainingText text, Checkpoint before)
      throws IOException {
    Vocabulary kept = Vocabulary.load(before.config().requiredTokenizer(), before.folder());
    Optional<Vocabulary> wanted =
        text instanceof TrainingText.Packed packed
            ? Optional.of(packed.folder().vocabulary())
            : named(settings);
    if (wanted.isPresent() && !same(wanted.get(), kept)) {
      throw mismatch(before, kept, described(wanted.get()));
    }
    if (settings.kind() == TokenizerKind.TRAIN && settings.vocabulary() != kept.size()) {
      throw mismatch(before, kept, "%,d tokens".formatted(settings.vocabulary()));
    }
    return kept;
  }

  private static CheckpointException mismatch(Checkpoint before, Vocabulary kept, String wanted) {
    return new CheckpointException(
        "%s has %s, the run now asks for %s: a run cannot go on with another vocabulary; restore it, or train into another folder"
            .formatted(before.folder(), described(kept), wanted));
  }

  private static boolean same(Vocabulary one, Vocabulary other) {
    return one.fingerprint().equals(other.fingerprint());
  }

  private static String described(Vocabulary vocabulary) {
    return "%,d tokens of %s (%.12s)"
        .formatted(vocabulary.size(), vocabulary.name(), vocabulary.fingerprint());
  }

  /** What the settings name without a text; none where it is learned from one. */
  private static Optional<Vocabulary> named(TrainingConfiguration.Vocabulary settings)
      throws IOException {
    return switch (settings.kind()) {
      case AUTO, TRAIN -> Optional.empty();
      case FILE -> Optional.of(Vocabulary.read(settings.file().orElseThrow()));
      case BYTES -> Optional.of(Vocabulary.bytes());
      case GPT2 -> Optional.of(Vocabulary.gpt2());
    };
  }
}
