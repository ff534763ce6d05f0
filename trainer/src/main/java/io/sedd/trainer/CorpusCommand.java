package io.sedd.trainer;

import io.sedd.trainer.corpus.BpeTrainer;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.Detokenizer;
import io.sedd.trainer.corpus.PackedFolder;
import io.sedd.trainer.corpus.TextFormat;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokenises a corpus once, for trainings that map it into memory. */
@Command(
    name = "corpus",
    mixinStandardHelpOptions = true,
    description = "Packs texts as token shards, which may be larger than memory.")
public final class CorpusCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Where the vocabulary comes from. */
  private static final class Choice {

    @Option(
        names = "--tokenizer",
        required = true,
        description = "gpt2, bytes, or the path of a tokenizer.json.")
    private String tokenizer;

    @Option(
        names = "--train-vocabulary",
        required = true,
        paramLabel = "TOKENS",
        description = "Learns a byte-level BPE of so many tokens from the texts first.")
    private Integer trained;

    Vocabulary vocabulary(Corpus corpus) throws IOException {
      if (trained != null) {
        return Vocabulary.of(BpeTrainer.train(corpus.documents(), trained));
      }
      return switch (tokenizer) {
        case "gpt2" -> Vocabulary.gpt2();
        case "bytes" -> Vocabulary.bytes();
        default -> Vocabulary.read(Path.of(tokenizer));
      };
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: pack or inspect");
  }

  @Command(
      name = "pack",
      mixinStandardHelpOptions = true,
      description = {
        "Tokenises texts, an end of text after each document, into a new folder of raw"
            + " little-endian uint16 or uint32 files and corpus.json.",
        "Train on it with corpus.packed."
      })
  void pack(
      @Parameters(paramLabel = "TEXT", arity = "1..*", description = "Files and folders.")
          List<Path> texts,
      @Option(names = "--to", required = true, description = "The new folder.") Path target,
      @ArgGroup(exclusive = true, multiplicity = "1") Choice choice,
      @Option(
              names = "--format",
              defaultValue = "AUTO",
              description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          TextFormat format,
      @Option(
              names = "--field",
              defaultValue = "text",
              description = "Of a JSON line that has the text (default: ${DEFAULT-VALUE}).")
          String field,
      @Option(
              names = "--detokenizer",
              defaultValue = "NONE",
              description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          Detokenizer detokenizer,
      @Option(
              names = "--shard-tokens",
              defaultValue = "268435456",
              description = "Most tokens of a file (default: ${DEFAULT-VALUE}).")
          long shardTokens)
      throws IOException {
    Corpus corpus = Corpus.of(texts, new Corpus.Reading(format, field, detokenizer));
    try (PackedFolder packed =
        PackedFolder.pack(corpus.documents(), choice.vocabulary(corpus), target, shardTokens)) {
      print(packed);
    }
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Prints what a packed corpus holds.")
  void inspect(
      @Parameters(paramLabel = "FOLDER", description = "A packed corpus.") Path folder,
      @Option(names = "--verify", description = "Reads all of it and compares hashes.")
          boolean verify,
      @Option(names = "--row", description = "Prints the text of a row, from 0.")
          Optional<Long> row,
      @Option(
              names = "--length",
              defaultValue = "128",
              description = "Tokens of a row (default: ${DEFAULT-VALUE}).")
          int length)
      throws IOException {
    try (PackedFolder packed = PackedFolder.open(folder)) {
      print(packed);
      PrintWriter out = spec.commandLine().getOut();
      if (verify) {
        packed.verify();
        out.println("its files have the sizes and hashes of corpus.json");
      }
      if (row.isPresent()) {
        out.println(packed.vocabulary().tokenizer().decode(packed.rows(length).row(row.get())));
      }
      out.flush();
    }
  }

  private void print(PackedFolder packed) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: %,d documents, %,d tokens in %,d file%s of %d bytes a token%n",
        packed.folder(),
        packed.documents(),
        packed.tokens(),
        packed.shards(),
        packed.shards() == 1 ? "" : "s",
        packed.bytesPerToken());
    out.printf(
        Locale.ROOT,
        "tokenizer        %s, %,d tokens, %.12s%n",
        packed.vocabulary().name(),
        packed.vocabulary().size(),
        packed.vocabulary().fingerprint());
    out.printf(
        Locale.ROOT,
        "characters       %,d, %.3f a token%n",
        packed.characters(),
        packed.characters() / (double) packed.tokens());
    out.printf("sha256           %s%n", packed.sha256());
    out.flush();
  }
}
