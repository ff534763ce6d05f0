package io.sedd.trainer;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.chart.Bar;
import io.sedd.trainer.chart.BarPanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.evaluation.Generation;
import io.sedd.trainer.evaluation.LanguageModel;
import io.sedd.trainer.evaluation.TextJudge;
import java.io.IOException;
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

/** Samples under a judge, with how varied they are. */
@Command(
    name = "generation",
    mixinStandardHelpOptions = true,
    description =
        "Prints the generative perplexity of samples under a judge, with their entropy, distinct-n"
            + " and repetition.")
final class GenerationCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private EvaluationOptions options;
  @Mixin private JudgeOptions judging;

  @Option(
      names = "--steps",
      defaultValue = "128",
      description = "Steps of the predictor (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--predictor",
      defaultValue = "ANALYTIC",
      description = "euler or analytic (default: ${DEFAULT-VALUE}).")
  private Predictor predictor;

  @Option(
      names = "--draw",
      defaultValue = "EXACT",
      description =
          "exact, or fp32 as the official sampler, which lowers the temperature (default:"
              + " ${DEFAULT-VALUE}).")
  private Generation.Draw draw;

  @Override
  public Integer call() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> notes;
    try (Backend backend = options.openBackend();
        LanguageModel judge = judging.open(backend)) {
      notes = judging.notes(judge);
      TextJudge by = new TextJudge(judge, options.batch(), backend);
      if (LanguageModel.isIn(options.folder())) {
        try (LanguageModel model = LanguageModel.open(options.folder(), backend)) {
          rows.add(judging.drawn(model, model.length(), options.seed(), by, backend));
          rows.addAll(
              judging.others(by, model.vocabulary(), model.length(), options.seed(), backend));
        }
      } else {
        denoised(by, backend, rows);
      }
    }
    options.report(
        new Figures("Samples under a judge", rows, notes),
        chart(rows),
        spec.commandLine().getOut());
    return 0;
  }

  private void denoised(TextJudge by, Backend backend, List<Map<String, Object>> rows)
      throws IOException {
    Checkpoint files = options.openCheckpoint();
    Vocabulary vocabulary = Vocabulary.load(files.config().requiredTokenizer(), files.folder());
    try (LoadedCheckpoint loaded = LoadedCheckpoint.load(files, backend)) {
      int length = loaded.network().shape().length();
      Generation generation =
          new Generation(predictor, steps, draw, options.batch() * length, options.seed());
      rows.add(judging.denoised(loaded, generation, vocabulary, by, backend));
      rows.addAll(judging.others(by, vocabulary, length, options.seed(), backend));
    }
  }

  private static Page chart(List<Map<String, Object>> rows) {
    return new Page(
        "Samples under a judge",
        List.of(),
        Optional.of(bars("Generative perplexity", JudgeOptions.PERPLEXITY, Ink.BLUE, rows)),
        Optional.of(bars("Entropy, nats", JudgeOptions.ENTROPY, Ink.ORANGE, rows)),
        Optional.empty());
  }

  private static BarPanel bars(
      String title, String column, Ink ink, List<Map<String, Object>> rows) {
    List<Bar> bars =
        rows.stream()
            .map(
                row ->
                    new Bar(
                        row.get("model") + " " + row.get("predictor"),
                        List.of(new Bar.Part((double) row.get(column), ink)),
                        String.format(Locale.ROOT, "%.2f", (double) row.get(column))))
            .toList();
    return new BarPanel(title, "", bars, 0, List.of());
  }
}
