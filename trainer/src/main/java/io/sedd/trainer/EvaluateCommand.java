package io.sedd.trainer;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.evaluation.BoundSettings;
import io.sedd.trainer.evaluation.DwdseBound;
import io.sedd.trainer.evaluation.HeldOutText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the likelihood bound of a checkpoint on held-out text. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Prints the likelihood bound of a checkpoint on held-out text.")
public final class EvaluateCommand implements Callable<Integer> {

  @Option(
      names = "--checkpoint",
      required = true,
      description = "A checkpoint, or a folder of checkpoints, of which the latest is taken.")
  private Path checkpoint;

  @Option(
      names = "--text",
      required = true,
      arity = "1..*",
      description = "UTF-8 files; a line <|endoftext|> separates documents.")
  private List<Path> texts;

  @Option(
      names = "--sequences",
      defaultValue = "0",
      description = "How many sequences, spread over the text; 0 for all (default).")
  private int sequences;

  @Option(
      names = "--passes",
      defaultValue = "8",
      description = "Times at which each sequence is looked at (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--batch",
      defaultValue = "32",
      description = "Sequences in one network evaluation (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--earliest",
      defaultValue = "1e-3",
      description = "Lower end of the integral over time (default: ${DEFAULT-VALUE}).")
  private double earliest;

  @Option(
      names = "--seconds",
      defaultValue = "0",
      description = "After so long no further batch is begun; 0 for no limit (default).")
  private long seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of times and noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--backend", description = "Name of the backend; the best here if left out.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--precision",
      description = "Of the matrix products: default, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.DEFAULT;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    BoundSettings settings =
        new BoundSettings(earliest, passes, batch, seed, Duration.ofSeconds(seconds));
    Checkpoint files = open();
    files.verify();
    try (Backend backend = Backends.open(backendName, BackendOptions.of(precision));
        LoadedCheckpoint loaded = LoadedCheckpoint.load(files, backend)) {
      HeldOutText text =
          HeldOutText.of(
              Corpus.of(texts), loaded.tokenizer(), files.config().model().length(), sequences);
      DiffusionProcess process = DiffusionProcess.of(files.config());
      BoundEstimate estimate =
          new DwdseBound(process, settings, backend, InstantSource.system())
              .estimate(loaded.network(), text.sequences());
      print(files, process, text, estimate);
    }
    return 0;
  }

  private Checkpoint open() throws IOException {
    if (Files.exists(checkpoint.resolve(Checkpoint.CONFIG_FILE))) {
      return Checkpoint.open(checkpoint);
    }
    CheckpointStore store = new FileSystemCheckpointStore(checkpoint);
    return store.open(
        store
            .latest()
            .orElseThrow(
                () ->
                    new CheckpointException(
                        checkpoint + " is neither a checkpoint nor a folder of checkpoints")));
  }

  private void print(
      Checkpoint files, DiffusionProcess process, HeldOutText text, BoundEstimate estimate) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "checkpoint       %s  %.12s%n", files.name(), files.sha256());
    out.printf(
        Locale.ROOT,
        "text             %,d sequences, %,d tokens, %.3f characters a token%n",
        estimate.sequences(),
        estimate.tokens(),
        text.charactersPerToken());
    out.printf(
        Locale.ROOT,
        "bound            %.4f ± %.4f nats a token (standard error over sequences)%n",
        estimate.bound(),
        estimate.standardError());
    out.printf(Locale.ROOT, "perplexity       %.2f a token%n", estimate.perplexity());
    out.printf(Locale.ROOT, "bits/character   %.4f%n", estimate.bitsPer(text.charactersPerToken()));
    out.printf(Locale.ROOT, "bits/byte        %.4f%n", estimate.bitsPer(text.bytesPerToken()));
    out.printf(
        Locale.ROOT,
        "what it is       D(%s), the integral of g(t) E[score entropy] over t from %s to 1, %d"
            + " times a sequence; left out: t below %s%s%n",
        earliest,
        earliest,
        passes,
        earliest,
        switch (process.graph()) {
          case Graph.Absorbing _ ->
              " and the prior's divergence, infinite by the letter because a token survives to t ="
                  + " 1 with probability "
                  + String.format(Locale.ROOT, "%.1e", Math.exp(-process.noise().total(1)));
          case Graph.Uniform _ -> "; the prior's divergence is in it";
        });
    out.flush();
  }
}
