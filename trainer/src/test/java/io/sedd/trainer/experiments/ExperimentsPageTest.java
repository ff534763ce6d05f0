package io.sedd.trainer.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.trainer.evaluation.Figures;
import io.sedd.trainer.experiments.Verdicts.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentsPageTest {

  @TempDir Path folder;

  private static Map<String, Object> model(String name, double nats) {
    return Figures.row("model", name, "nats", nats, "to", nats + 0.02);
  }

  private static Map<String, Object> sample(
      String predictor, String draw, int steps, double perplexity, double entropy) {
    return Figures.row(
        "predictor", predictor,
        "steps", steps,
        "draw", draw,
        "gen. perplexity", perplexity,
        "entropy", entropy);
  }

  @Test
  void aDifferenceWithinItsIntervalDecidesNothing() {
    assertTrue(said(2.0, 2.1).startsWith("As in the paper"), said(2.0, 2.1));
    assertTrue(said(2.1, 2.0).startsWith("Other than in the paper"), said(2.1, 2.0));
    assertTrue(said(2.0, 2.02).startsWith("Not decided"), said(2.0, 2.02));
    assertTrue(said(2.0, 2.1).contains("difference -0.100 ± 0.028"), said(2.0, 2.1));
  }

  private static String said(double expected, double other) {
    return Verdicts.lower("it is lower", model("a", expected), model("b", other));
  }

  @Test
  void curvesAreComparedAtEveryStepCount() {
    List<Map<String, Object>> rows =
        List.of(
            sample("euler", "exact", 8, 50, 3),
            sample("euler", "exact", 16, 30, 3),
            sample("analytic", "exact", 8, 40, 3),
            sample("analytic", "exact", 16, 35, 3));
    String said =
        Verdicts.curves(
            "it is lower",
            "gen. perplexity",
            rows,
            new Kind("analytic", "exact"),
            new Kind("euler", "exact"));
    assertTrue(said.startsWith("Not decided"), said);
    assertTrue(said.contains("at 1 of 2 step counts"), said);
  }

  @Test
  void samplersThatDrewTheSameDecideNothing() {
    List<Map<String, Object>> rows =
        List.of(sample("euler", "exact", 8, 50, 3), sample("analytic", "exact", 8, 50, 3));
    Kind analytic = new Kind("analytic", "exact");
    Kind euler = new Kind("euler", "exact");
    String said = Verdicts.curves("it is lower", "gen. perplexity", rows, analytic, euler);
    assertTrue(said.endsWith("are the same."), said);
  }

  @Test
  void theFirstStepCountThatReachesTheBaselineIsNamed() {
    List<Map<String, Object>> rows =
        List.of(
            sample("analytic", "exact", 8, 40, 3),
            sample("analytic", "exact", 16, 20, 3),
            sample("analytic", "exact", 32, 10, 3),
            sample("next token", "exact", 128, 25, 3));
    Kind analytic = new Kind("analytic", "exact");
    String said = Verdicts.against("it does", "gen. perplexity", rows, analytic);
    assertTrue(said.contains("reaches the baseline's gen. perplexity of 25.0 at 16 steps"), said);
  }

  @Test
  void thePageHasTablesChartsAndWhatThePaperFound() throws IOException {
    List<String> names =
        List.of(
            "perplexity-absorb",
            "perplexity-uniform",
            "perplexity-concrete-score-matching",
            "perplexity-mean-prediction",
            "perplexity-autoregressive",
            "perplexity-judge");
    for (int i = 0; i < names.size(); i++) {
      write(names.get(i), List.of(model("step-1", 2 + 0.1 * i)));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String predictor : List.of("euler", "analytic")) {
      for (String draw : List.of("exact", "fp32")) {
        rows.add(sample(predictor, draw, 8, predictor.equals("euler") ? 9 : 8, 3));
      }
    }
    rows.add(sample("next token", "exact", 128, 25, 3));
    write("sweep", rows);
    write("sweep-uniform", rows);
    write("infilling", List.of(model("step-1", 1)));
    Path page = new ExperimentsPage(folder, folder.resolve("out")).write();
    String text = Files.readString(page);
    assertTrue(text.contains("| absorbing, score entropy | 2.000 |"), text);
    assertTrue(text.contains("As in the paper: absorbing, score entropy 2.000"), text);
    assertTrue(Files.size(folder.resolve("out/bounds.png")) > 1000);
    assertEquals(rows.size(), new Results(folder.resolve("out")).read("sweep").rows().size());
    Files.delete(folder.resolve("perplexity-uniform.json"));
    Throwable refused =
        assertThrows(
            NoSuchFileException.class,
            () -> new ExperimentsPage(folder, folder.resolve("again")).write());
    assertTrue(refused.getMessage().contains("perplexity-uniform.json"), refused.getMessage());
  }

  private void write(String name, List<Map<String, Object>> rows) throws IOException {
    Files.writeString(
        folder.resolve(name + ".json"), new Figures(name, rows, List.of("a note")).json());
    Files.write(folder.resolve(name + ".png"), new byte[] {1});
  }
}
