package io.sedd.trainer;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.Template;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.Vocabulary;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.evaluation.Generation;
import io.sedd.trainer.evaluation.HeldOutText;
import io.sedd.trainer.evaluation.LanguageModel;
import io.sedd.trainer.evaluation.NextTokenSampler;
import io.sedd.trainer.evaluation.SampleStatistics;
import io.sedd.trainer.evaluation.TextJudge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who judges samples, and what they are put beside. */
final class JudgeOptions {

  /** The column of generative perplexity. */
  static final String PERPLEXITY = "gen. perplexity";

  /** The column of the entropy. */
  static final String ENTROPY = "entropy";

  @Option(
      names = "--judge",
      required = true,
      description =
          "Who judges: an autoregressive checkpoint of this trainer, or a GPT-2 folder with"
              + " config.json and model.safetensors.")
  private Path judge;

  @Option(
      names = "--samples",
      defaultValue = "64",
      description = "Texts of each kind (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--beside",
      description = "An autoregressive checkpoint whose samples are judged too.")
  private Optional<Path> beside = Optional.empty();

  @Option(names = "--real", description = "A text whose rows are judged too, for comparison.")
  private Optional<Path> real = Optional.empty();

  int samples() {
    return samples;
  }

  LanguageModel open(Backend backend) throws IOException {
    return LanguageModel.open(judge, backend);
  }

  /** Rows of what the samples are put beside: the real text and the other model. */
  List<Map<String, Object>> others(
      TextJudge by, Vocabulary vocabulary, int length, long seed, Backend backend)
      throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (real.isPresent()) {
      HeldOutText text =
          HeldOutText.of(Corpus.of(List.of(real.get())), vocabulary.tokenizer(), length, samples);
      rows.add(row("real text", "", 0, "", text.sequences(), vocabulary, by));
    }
    if (beside.isPresent()) {
      try (LanguageModel other = LanguageModel.open(beside.get(), backend)) {
        rows.add(drawn(other, Math.min(length, other.length()), seed, by, backend));
      }
    }
    return rows;
  }

  /** A row of a model of the next token: as many steps as tokens. */
  Map<String, Object> drawn(
      LanguageModel model, int length, long seed, TextJudge by, Backend backend) {
    List<int[]> texts =
        new NextTokenSampler(model.begin(), backend).draw(model.network(), samples, length, seed);
    return row(model.name(), "next token", length, "exact", texts, model.vocabulary(), by);
  }

  /** A row of a diffusion model whose samples have its full length. */
  Map<String, Object> denoised(
      LoadedCheckpoint model,
      Generation generation,
      Vocabulary vocabulary,
      TextJudge by,
      Backend backend) {
    Template blank = Template.blank(model.network().shape().length());
    List<int[]> texts =
        generation.fill(model.model(), Collections.nCopies(samples, blank), backend);
    return row(
        model.checkpoint().name(),
        generation.predictor().name().toLowerCase(Locale.ROOT),
        generation.steps(),
        generation.draw().name().toLowerCase(Locale.ROOT),
        texts,
        vocabulary,
        by);
  }

  private static Map<String, Object> row(
      String model,
      String predictor,
      int steps,
      String draw,
      List<int[]> texts,
      Vocabulary vocabulary,
      TextJudge by) {
    TextJudge.Verdict verdict = by.judge(texts, vocabulary);
    SampleStatistics statistics = SampleStatistics.of(texts);
    Map<String, Object> row =
        Figures.row(
            "model",
            model,
            "predictor",
            predictor,
            "steps",
            steps == 0 ? null : steps,
            "draw",
            draw,
            PERPLEXITY,
            verdict.perplexity(),
            "nats",
            verdict.natsPerToken(),
            "±",
            verdict.standardError(),
            "bits/byte",
            verdict.bitsPerByte(),
            ENTROPY,
            statistics.entropy());
    row.put("distinct-1", statistics.distinct1());
    row.put("distinct-2", statistics.distinct2());
    row.put("distinct-3", statistics.distinct3());
    row.put("repetition", statistics.repetition());
    return row;
  }

  /** What the columns are. */
  List<String> notes(LanguageModel by) {
    return List.of(
        "judge: %s; nats and perplexity are per token of the judge, the first one not counted; ± is the standard error over %d texts"
            .formatted(by.name(), samples),
        "entropy is that of the tokens within a text, nats; repetition the share of runs of four"
            + " tokens that occurred before in the text: low perplexity with low entropy is no"
            + " quality");
  }
}
