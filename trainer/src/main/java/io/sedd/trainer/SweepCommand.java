package io.sedd.trainer;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.evaluation.Generation;
import io.sedd.trainer.evaluation.LanguageModel;
import io.sedd.trainer.evaluation.TextJudge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Quality against the number of steps, for predictors and ways to draw. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Judges samples over the number of steps, for predictors and ways to draw.")
final class SweepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private EvaluationOptions options;
  @Mixin private JudgeOptions judging;

  @Option(
      names = "--steps",
      split = ",",
      defaultValue = "8,16,32,64,128,256,512",
      description = "Steps of the predictor (default: ${DEFAULT-VALUE}).")
  private List<Integer> steps;

  @Option(
      names = "--predictors",
      split = ",",
      defaultValue = "EULER,ANALYTIC",
      description = "euler, analytic (default: both).")
  private List<Predictor> predictors;

  @Option(
      names = "--draws",
      split = ",",
      defaultValue = "EXACT",
      description =
          "exact, fp32: the latter as the official sampler, which lowers the temperature (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Generation.Draw> draws;

  @Override
  public Integer call() throws IOException {
    Checkpoint files = options.openCheckpoint();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> notes;
    try (Backend backend = options.openBackend();
        LoadedCheckpoint loaded = LoadedCheckpoint.load(files, backend);
        LanguageModel judge = judging.open(backend)) {
      notes = judging.notes(judge);
      TextJudge by = new TextJudge(judge, options.batch(), backend);
      Vocabulary vocabulary = Vocabulary.load(files.config().requiredTokenizer(), files.folder());
      int length = loaded.network().shape().length();
      for (Predictor predictor : predictors) {
        for (Generation.Draw draw : draws) {
          for (int count : steps) {
            Generation generation =
                new Generation(predictor, count, draw, options.batch() * length, options.seed());
            rows.add(judging.denoised(loaded, generation, vocabulary, by, backend));
          }
        }
      }
      rows.addAll(judging.others(by, vocabulary, length, options.seed(), backend));
    }
    options.report(
        new Figures("Samples over the number of steps", rows, notes),
        SweepChart.of(files.name(), rows),
        spec.commandLine().getOut());
    return 0;
  }
}
