package io.sedd.trainer;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.chart.Curve;
import io.sedd.trainer.chart.CurvePanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.chart.Scale;
import io.sedd.trainer.evaluation.BlankPattern;
import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.evaluation.BoundSettings;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.evaluation.Generation;
import io.sedd.trainer.evaluation.Infilling;
import io.sedd.trainer.evaluation.LanguageModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fills blanks of known texts: exact matches and the likelihood of what stood there. */
@Command(
    name = "infilling",
    mixinStandardHelpOptions = true,
    description =
        "Fills blanks of known texts and prints exact matches and the likelihood of what stood"
            + " there.")
final class InfillingCommand implements Callable<Integer> {

  private static final String MATCHES = "tokens matched";
  private static final String NATS = "nats";

  @Spec private CommandSpec spec;
  @Mixin private EvaluationOptions options;
  @Mixin private TextOptions text;

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "0.1,0.25,0.5,0.75",
      description = "Shares of blank positions (default: ${DEFAULT-VALUE}).")
  private List<Double> rates;

  @Option(
      names = "--patterns",
      split = ",",
      defaultValue = "MIDDLE,RANDOM",
      description = "middle: one span; random: positions anywhere (default: both).")
  private List<BlankPattern> patterns;

  @Option(
      names = "--steps",
      defaultValue = "64",
      description = "Steps of the analytic predictor (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--passes",
      defaultValue = "8",
      description =
          "Times at which each text's likelihood is looked at (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(
      names = "--beside",
      description =
          "An autoregressive checkpoint of the same tokenizer: the likelihood of the blanks given"
              + " what stands before them, all that it can see.")
  private Optional<Path> beside = Optional.empty();

  @Override
  public Integer call() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    Checkpoint files = options.openCheckpoint();
    BoundSettings settings =
        new BoundSettings(1e-3, passes, options.batch(), options.seed(), Duration.ZERO);
    try (Backend backend = options.openBackend();
        LoadedCheckpoint loaded = LoadedCheckpoint.load(files, backend)) {
      int length = loaded.network().shape().length();
      List<int[]> sequences = text.read(loaded.tokenizer(), length).sequences();
      Generation generation =
          new Generation(
              Predictor.ANALYTIC,
              steps,
              Generation.Draw.EXACT,
              options.batch() * length,
              options.seed());
      for (BlankPattern pattern : patterns) {
        Infilling infilling = new Infilling(pattern, generation, settings, backend);
        for (double rate : rates) {
          Infilling.Outcome outcome = infilling.at(rate, loaded.model(), sequences);
          rows.add(
              row(
                  files.name(),
                  pattern,
                  rate,
                  sequences.size(),
                  outcome.tokens(),
                  outcome.spans(),
                  outcome.bound()));
        }
        if (beside.isPresent()) {
          try (LanguageModel other = LanguageModel.open(beside.get(), backend)) {
            for (double rate : rates) {
              rows.add(
                  row(
                      other.name() + " from the left",
                      pattern,
                      rate,
                      sequences.size(),
                      null,
                      null,
                      infilling.fromTheLeft(rate, other, sequences)));
            }
          }
        }
      }
    }
    options.report(
        new Figures(
            "Infilling of known texts",
            rows,
            List.of(
                "nats: of -ln p(blanks | given) per blank token; a diffusion model's is a bound"
                    + " given all of the rest, a model of the next token sees what stands before"
                    + " each blank token, other blanks before it with their true tokens included")),
        chart(files.name(), rows),
        spec.commandLine().getOut());
    return 0;
  }

  private static Map<String, Object> row(
      String model,
      BlankPattern pattern,
      double rate,
      int texts,
      Double tokens,
      Double spans,
      BoundEstimate nats) {
    return Figures.row(
        "model",
        model,
        "blanks",
        pattern.name().toLowerCase(java.util.Locale.ROOT),
        "rate",
        rate,
        "texts",
        texts,
        MATCHES,
        tokens,
        "texts matched",
        spans,
        NATS,
        nats.nats(),
        "±",
        nats.standardError());
  }

  private static Page chart(String model, List<Map<String, Object>> rows) {
    return new Page(
        "Infilling by " + model,
        List.of("Blanks of known held-out texts"),
        Optional.of(panel("Blank tokens filled as they were", MATCHES, rows)),
        Optional.empty(),
        Optional.of(panel("-ln p of what stood there, nats a token", NATS, rows)));
  }

  private static CurvePanel panel(String title, String column, List<Map<String, Object>> rows) {
    Map<String, List<Curve.Point>> curves = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      if (row.get(column) != null) {
        boolean left = row.get(MATCHES) == null;
        curves
            .computeIfAbsent(
                row.get("blanks") + (left ? ", next token" : ", diffusion"), _ -> new ArrayList<>())
            .add(new Curve.Point((double) row.get("rate"), (double) row.get(column), left));
      }
    }
    List<Ink> inks = List.of(Ink.NAVY, Ink.SKY, Ink.RED, Ink.SAND);
    List<Curve> drawn = new ArrayList<>();
    curves.forEach(
        (label, points) -> drawn.add(new Curve(label, inks.get(drawn.size() % 4), points)));
    return new CurvePanel(title, "", "share of blanks", Scale.LINEAR, Scale.LINEAR, drawn);
  }
}
