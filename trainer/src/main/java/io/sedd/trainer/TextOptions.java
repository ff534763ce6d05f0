package io.sedd.trainer;

import io.sedd.diffusion.text.Tokenizer;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.Detokenizer;
import io.sedd.trainer.corpus.TextFormat;
import io.sedd.trainer.evaluation.HeldOutText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The held-out text of an evaluation. */
final class TextOptions {

  /** How documents become rows. */
  enum Grouping {
    /** All documents as one run of tokens. */
    PACKED,
    /** As the official preparation cuts them. */
    OFFICIAL
  }

  @Option(
      names = "--text",
      required = true,
      arity = "1..*",
      description =
          "UTF-8 files or folders, a line <|endoftext|> separates documents; or packed corpora.")
  private List<Path> texts;

  @Option(
      names = "--format",
      defaultValue = "AUTO",
      description = "How files hold documents: ${COMPLETION-CANDIDATES} (default: by the ending).")
  private TextFormat format;

  @Option(
      names = "--detokenizer",
      defaultValue = "NONE",
      description = "Of the data set: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Detokenizer detokenizer;

  @Option(
      names = "--grouping",
      defaultValue = "PACKED",
      description =
          "How documents become rows: packed, or official for figures to be compared with"
              + " published ones (default: ${DEFAULT-VALUE}).")
  private Grouping grouping;

  @Option(
      names = "--shards",
      defaultValue = "8",
      description = "Processes of the official grouping (default: ${DEFAULT-VALUE}).")
  private int shards;

  @Option(
      names = "--sequences",
      defaultValue = "0",
      description = "How many sequences, spread over the text; 0 for all (default).")
  private int sequences;

  HeldOutText read(Tokenizer tokenizer, int length) throws IOException {
    Corpus corpus = Corpus.of(texts, new Corpus.Reading(format, "text", detokenizer));
    return switch (grouping) {
      case PACKED -> HeldOutText.of(corpus, tokenizer, length, sequences);
      case OFFICIAL -> HeldOutText.ofOfficialGrouping(corpus, tokenizer, length, sequences, shards);
    };
  }
}
