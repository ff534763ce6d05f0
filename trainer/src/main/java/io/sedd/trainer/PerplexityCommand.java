package io.sedd.trainer;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.chart.Bar;
import io.sedd.trainer.chart.BarPanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.evaluation.BoundSettings;
import io.sedd.trainer.evaluation.DwdseBound;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.evaluation.HeldOutText;
import io.sedd.trainer.evaluation.LanguageModel;
import io.sedd.trainer.evaluation.Reconstruction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The likelihood of held-out text: a diffusion model's bound, an autoregressive model's own. */
@Command(
    name = "perplexity",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the likelihood of held-out text: the bound of a diffusion model with its terms, the"
          + " exact value of an autoregressive one.",
      "Zero-shot figures as the paper has them: a model of length 1,024 with GPT-2 tokens,"
          + " --grouping official, and for WikiText --format lines --detokenizer wikitext."
    })
final class PerplexityCommand implements Callable<Integer> {

  /** Standard errors to either side that hold 95 % of a normal distribution. */
  private static final double NINETY_FIVE = 1.96;

  @Spec private CommandSpec spec;
  @Mixin private EvaluationOptions options;
  @Mixin private TextOptions text;

  @Option(
      names = "--passes",
      defaultValue = "8",
      description = "Times at which each sequence is looked at (default: ${DEFAULT-VALUE}).")
  private int passes;

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
      names = "--beside",
      description = "An autoregressive checkpoint, or a GPT-2 folder, on the same text.")
  private Optional<Path> beside = Optional.empty();

  @Override
  public Integer call() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    try (Backend backend = options.openBackend()) {
      if (LanguageModel.isIn(options.folder())) {
        exact(options.folder(), backend, rows, notes);
      } else {
        bound(backend, rows, notes);
      }
      if (beside.isPresent()) {
        exact(beside.get(), backend, rows, notes);
      }
    }
    options.report(
        new Figures("Held-out likelihood, nats a token unless said otherwise", rows, notes),
        chart(rows),
        spec.commandLine().getOut());
    return 0;
  }

  private void bound(Backend backend, List<Map<String, Object>> rows, List<String> notes)
      throws IOException {
    BoundSettings settings =
        new BoundSettings(
            earliest, passes, options.batch(), options.seed(), Duration.ofSeconds(seconds));
    Checkpoint files = options.openCheckpoint();
    try (LoadedCheckpoint loaded = LoadedCheckpoint.load(files, backend)) {
      HeldOutText held = text.read(loaded.tokenizer(), files.config().model().length());
      DiffusionProcess process = loaded.model().process();
      BoundEstimate integral =
          new DwdseBound(process, settings, backend, InstantSource.system())
              .estimate(loaded.model().scores(), held.sequences());
      List<int[]> seen = held.sequences().subList(0, integral.sequences());
      BoundEstimate reconstruction =
          new Reconstruction(process, settings, backend).estimate(loaded.model().scores(), seen);
      Map<String, Object> row =
          row(files.name(), integral.sequences(), integral.bound(), integral.standardError(), held);
      row.put("integral", integral.nats());
      row.put("prior", integral.priorNats());
      row.put("reconstruction", reconstruction.nats());
      row.put("with reconstruction", integral.bound() + reconstruction.nats());
      rows.add(row);
      notes.add(described(files, process));
      if (Double.isInfinite(reconstruction.nats())) {
        notes.add(
            "the reconstruction is infinite: the denoising step gives some token no chance at all,"
                + " as scores do that leave the present state a weight below 0");
      }
    }
  }

  private String described(Checkpoint files, DiffusionProcess process) {
    String prior =
        switch (process.graph()) {
          case Graph.Absorbing _ ->
              String.format(
                  Locale.ROOT,
                  "the prior's divergence, infinite by the letter because a token survives to t = 1"
                      + " with probability %.1e, is left out as 0",
                  Math.exp(-process.noise().total(1)));
          case Graph.Uniform _ -> "nats includes the prior's divergence";
        };
    return "%s (%.12s): an upper bound, D(%s) = integral of g(t) E[score entropy] over t from %s to 1, %d times a sequence; %s; what lies below %s is the reconstruction, E[-ln p(x0 | x_t)] of the denoising step"
        .formatted(files.name(), files.sha256(), earliest, earliest, passes, prior, earliest);
  }

  private void exact(
      Path folder, Backend backend, List<Map<String, Object>> rows, List<String> notes)
      throws IOException {
    try (LanguageModel model = LanguageModel.open(folder, backend)) {
      HeldOutText held = text.read(model.vocabulary().tokenizer(), model.length());
      BoundEstimate exact =
          model.likelihood(options.batch(), backend).estimate(model.network(), held.sequences());
      rows.add(
          row(
              model.name() + " (next token)",
              exact.sequences(),
              exact.nats(),
              exact.standardError(),
              held));
      notes.add(model.name() + ": the exact likelihood of a model of the next token");
    }
  }

  private static Map<String, Object> row(
      String model, int sequences, double nats, double error, HeldOutText held) {
    return Figures.row(
        "model",
        model,
        "sequences",
        sequences,
        "nats",
        nats,
        "95 % from",
        nats - NINETY_FIVE * error,
        "to",
        nats + NINETY_FIVE * error,
        "perplexity",
        Math.exp(nats),
        "bits/char",
        nats / held.charactersPerToken() / Math.log(2),
        "bits/byte",
        nats / held.bytesPerToken() / Math.log(2));
  }

  private static Page chart(List<Map<String, Object>> rows) {
    List<Bar> bars =
        rows.stream()
            .map(
                row ->
                    new Bar(
                        (String) row.get("model"),
                        List.of(new Bar.Part((double) row.get("nats"), Ink.BLUE)),
                        String.format(Locale.ROOT, "%.3f", (double) row.get("nats"))))
            .toList();
    return new Page(
        "Held-out likelihood",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new BarPanel("Nats a token", "Shorter is better", bars, 0, List.of())));
  }
}
