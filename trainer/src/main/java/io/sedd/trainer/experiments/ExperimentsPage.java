package io.sedd.trainer.experiments;

import io.sedd.trainer.chart.Bar;
import io.sedd.trainer.chart.BarPanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.experiments.Verdicts.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the page of the paper's comparisons from what {@code deploy/experiments/run.sh} has
 * evaluated, with a sentence for each on whether it came out as in the paper (arXiv 2310.16834).
 *
 * @param results that were left as JSON
 * @param target folder of the page, its tables and charts
 */
public record ExperimentsPage(Path results, Path target) {

  private static final String PERPLEXITY = "gen. perplexity";

  /** Times the absorbing model's perplexity from which on a model writes no text yet. */
  private static final double FAR = 10;

  private static final Kind EULER = new Kind("euler", "exact");
  private static final Kind ANALYTIC = new Kind("analytic", "exact");
  private static final Kind EULER_FP32 = new Kind("euler", "fp32");
  private static final Kind ANALYTIC_FP32 = new Kind("analytic", "fp32");

  /** Writes everything; a part whose evaluation is missing is an error that names it. */
  public Path write() throws IOException {
    Results from = new Results(results);
    StringBuilder page =
        new StringBuilder("# The paper's comparisons, at a size for two cores\n\n");
    page.append(
        "Written by `deploy/experiments/run.sh`, which has sizes and settings. Every table lies"
            + " beside this page as JSON too.\n\n");
    bounds(from, page);
    sweeps(from, page);
    infilling(from, page);
    Files.createDirectories(target);
    return Files.writeString(target.resolve("RESULTS.md"), page);
  }

  private void bounds(Results from, StringBuilder page) throws IOException {
    Map<String, Object> absorb = from.row("perplexity-absorb", "absorbing, score entropy");
    Map<String, Object> uniform = from.row("perplexity-uniform", "uniform, score entropy");
    Map<String, Object> concrete =
        from.row("perplexity-concrete-score-matching", "absorbing, concrete score matching");
    Map<String, Object> mean = from.row("perplexity-mean-prediction", "absorbing, mean prediction");
    List<Map<String, Object>> rows = new ArrayList<>(List.of(absorb, uniform, concrete, mean));
    rows.add(from.row("perplexity-autoregressive", "next token, same size (exact)"));
    rows.add(from.row("perplexity-judge", "next token, the judge (exact)"));
    Figures figures =
        new Figures(
            "Held-out likelihood",
            rows,
            List.of(
                Verdicts.lower(
                    "the absorbing graph has the lower bound (table 1)", absorb, uniform),
                Verdicts.lower(
                    "score entropy is ahead of concrete score matching (appendix D)",
                    absorb,
                    concrete),
                Verdicts.lower(
                    "score entropy is ahead of mean prediction (appendix D)", absorb, mean),
                "Mean prediction is trained here by cross-entropy with the weight of the bound,"
                    + " which later work (arXiv 2406.07524) found at least as good as score"
                    + " entropy; the D3PM of the paper's table had another weight.",
                "Nats of the diffusion models are upper bounds, those of the next token exact."));
    part("bounds", "Graphs and objectives", figures, page);
    try (OutputStream file = Files.newOutputStream(target.resolve("bounds.png"))) {
      chart(rows).write(file);
    }
  }

  private static Page chart(List<Map<String, Object>> rows) {
    List<Bar> bars =
        rows.stream()
            .map(
                row ->
                    new Bar(
                        label((String) row.get("model")),
                        List.of(
                            new Bar.Part(
                                Verdicts.number(row, "nats"),
                                row.containsKey("integral") ? Ink.BLUE : Ink.ORANGE)),
                        String.format(Locale.ROOT, "%.3f", Verdicts.number(row, "nats"))))
            .toList();
    return new Page(
        "Held-out likelihood",
        List.of("Blue: bounds of diffusion models; orange: exact values of the next token"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new BarPanel("Nats a token", "Shorter is better", bars, 0, List.of())));
  }

  /** Short enough for a bar. */
  private static String label(String model) {
    return model
        .replace("absorbing, concrete ", "")
        .replace("absorbing, mean", "mean")
        .replace(", score entropy", "")
        .replace(", same size (exact)", "")
        .replace("next token, the judge (exact)", "the judge");
  }

  private void sweeps(Results from, StringBuilder page) throws IOException {
    absorbing(from, page);
    uniform(from, page);
  }

  private void uniform(Results from, StringBuilder page) throws IOException {
    Figures sweep = from.read("sweep-uniform");
    List<Map<String, Object>> rows = sweep.rows();
    List<String> notes = new ArrayList<>();
    unlearnt(from, rows).ifPresent(notes::add);
    notes.add(
        Verdicts.curves(
            "the analytic predictor's perplexity is 1 to 4 below Euler's (appendix C.7)",
            PERPLEXITY,
            rows,
            ANALYTIC,
            EULER));
    notes.add(
        Verdicts.curves(
            "as before, with the draw of the paper", PERPLEXITY, rows, ANALYTIC_FP32, EULER_FP32));
    notes.addAll(sweep.notes());
    part(
        "sweep-uniform",
        "Euler against analytic, uniform graph",
        new Figures(sweep.title(), rows, notes),
        page);
    copy("sweep-uniform.png");
  }

  /** Whether the model's samples are so far from text that predictors have nothing to differ in. */
  private static Optional<String> unlearnt(Results from, List<Map<String, Object>> rows)
      throws IOException {
    double uniform = Verdicts.least(rows, ANALYTIC, PERPLEXITY);
    double absorbing = Verdicts.least(from.read("sweep").rows(), ANALYTIC, PERPLEXITY);
    return uniform < FAR * absorbing
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "The uniform model has not learnt enough for this comparison: at best its samples"
                    + " have a perplexity of %,.0f, those of the absorbing one, after as many"
                    + " steps, %,.0f. In the paper both were trained far longer.",
                uniform,
                absorbing));
  }

  private void absorbing(Results from, StringBuilder page) throws IOException {
    Figures sweep = from.read("sweep");
    List<Map<String, Object>> rows = sweep.rows();
    List<String> notes = new ArrayList<>();
    notes.add(
        "Euler is not shown: for the absorbing graph with the log-linear schedule dt g(t) ="
            + " exp(sigma(t) - sigma(t - dt)) - 1, so that its steps are those of the analytic"
            + " predictor to the last token.");
    notes.add(
        Verdicts.curves(
            "arXiv 2409.02908",
            "the single-precision draw lowers the entropy",
            "entropy",
            rows,
            ANALYTIC_FP32,
            ANALYTIC));
    notes.add(
        Verdicts.against(
            "un-annealed GPT-2 is matched with 32 times fewer evaluations than tokens and passed by"
                + " 6 to 8 times; its samples were drawn in single precision, the entropy is not"
                + " given",
            PERPLEXITY,
            rows,
            ANALYTIC));
    notes.add(
        Verdicts.against("as before, with the draw of the paper", PERPLEXITY, rows, ANALYTIC_FP32));
    notes.addAll(sweep.notes());
    part(
        "sweep",
        "Sampling over the number of steps, absorbing graph",
        new Figures(sweep.title(), rows, notes),
        page);
    copy("sweep.png");
  }

  private void infilling(Results from, StringBuilder page) throws IOException {
    Figures infilling = from.read("infilling");
    List<String> notes = new ArrayList<>();
    notes.add(
        "The baseline cannot fill a middle: it does not see what comes after. Its nats are those of"
            + " the true middle given the left side alone.");
    notes.addAll(infilling.notes());
    part("infilling", "Infilling", new Figures(infilling.title(), infilling.rows(), notes), page);
    copy("infilling.png");
  }

  private void part(String name, String heading, Figures figures, StringBuilder page)
      throws IOException {
    Files.createDirectories(target);
    page.append("## ").append(heading).append("\n\n![](").append(name).append(".png)\n\n");
    page.append(figures.markdown()).append('\n');
    Files.writeString(target.resolve(name + ".json"), figures.json() + "\n");
  }

  private void copy(String chart) throws IOException {
    Files.copy(results.resolve(chart), target.resolve(chart), StandardCopyOption.REPLACE_EXISTING);
  }
}
