package io.sedd.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** All evaluations on a diffusion model and a model of the next token, a few steps old. */
class EvaluateCommandTest {

  @TempDir static Path folder;

  @BeforeAll
  static void trainBoth() throws IOException {
    Files.writeString(
        folder.resolve("text.txt"),
        "The cat sat on the mat.\n<|endoftext|>\nThe dog sat on the log.\n".repeat(20));
    Files.writeString(
        folder.resolve("train.yaml"),
        """
        corpus: {train: [%1$s/text.txt]}
        tokenizer: {kind: train, vocabulary: 270}
        model: {length: 8, hidden: 8, conditioning: 4, blocks: 1, heads: 2}
        batch: {sequences: 2}
        optimizer: {learningRate: {warmup: 2}}
        run: {steps: 3}
        backend: {name: reference, threads: 1}
        """
            .formatted(folder));
    for (String objective : List.of("score-entropy", "autoregressive")) {
      StringWriter printed = new StringWriter();
      int code =
          execute(
              new TrainCommand(),
              printed,
              "--config=" + folder + "/train.yaml",
              "--set=objective=" + objective,
              "--set=checkpoints.folder=" + folder.resolve(objective));
      assertEquals(0, code, printed.toString());
    }
  }

  private static int execute(Object command, StringWriter printed, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              printed.write(failure.getMessage());
              return 1;
            })
        .execute(arguments);
  }

  private static JsonNode evaluate(String what, String model, String... more) throws IOException {
    StringWriter printed = new StringWriter();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                what,
                "--checkpoint=" + folder.resolve(model),
                "--backend=reference",
                "--json",
                "--plot=" + folder.resolve(what + model + ".png")));
    arguments.addAll(List.of(more));
    assertEquals(
        0,
        execute(new EvaluateCommand(), printed, arguments.toArray(String[]::new)),
        printed.toString());
    assertTrue(Files.size(folder.resolve(what + model + ".png")) > 1000, "the chart is empty");
    return new ObjectMapper().readTree(printed.toString());
  }

  private static String text() {
    return "--text=" + folder.resolve("text.txt");
  }

  private static String judge() {
    return "--judge=" + folder.resolve("autoregressive");
  }

  @Test
  void perplexityGivesTheTermsOfTheBoundBesideTheExactLikelihood() throws IOException {
    JsonNode rows =
        evaluate(
                "perplexity",
                "score-entropy",
                text(),
                "--passes=2",
                "--beside=" + folder.resolve("autoregressive"))
            .get("rows");
    assertEquals(2, rows.size());
    JsonNode bound = rows.get(0);
    double nats = bound.get("nats").doubleValue();
    assertEquals(Math.exp(nats), bound.get("perplexity").doubleValue(), 1e-9);
    assertEquals(
        nats + bound.get("reconstruction").doubleValue(),
        bound.get("with reconstruction").doubleValue(),
        1e-9);
    assertTrue(bound.get("95 % from").doubleValue() < nats && nats < bound.get("to").doubleValue());
    // an untrained network knows nothing: ln 270
    assertEquals(Math.log(270), rows.get(1).get("nats").doubleValue(), 0.2);
  }

  @Test
  void anAutoregressiveModelHasAnExactPerplexity() throws IOException {
    JsonNode rows = evaluate("perplexity", "autoregressive", text()).get("rows");
    assertEquals(1, rows.size());
    assertTrue(rows.get(0).path("integral").isMissingNode());
  }

  @Test
  void zeroShotRowsAreCutAsTheOfficialPreparationDoes() throws IOException {
    JsonNode rows =
        evaluate(
                "perplexity",
                "score-entropy",
                text(),
                "--grouping=official",
                "--shards=2",
                "--format=lines",
                "--detokenizer=wikitext")
            .get("rows");
    assertTrue(rows.get(0).get("sequences").intValue() > 10);
  }

  @Test
  void samplesOfBothKindsAndRealTextAreJudged() throws IOException {
    JsonNode rows =
        evaluate(
                "generation",
                "score-entropy",
                judge(),
                "--samples=3",
                "--steps=4",
                "--beside=" + folder.resolve("autoregressive"),
                "--real=" + folder.resolve("text.txt"))
            .get("rows");
    assertEquals(3, rows.size());
    for (JsonNode row : rows) {
      double nats = row.get("nats").doubleValue();
      assertEquals(Math.log(270), nats, 0.3, row.toString());
      assertEquals(Math.exp(nats), row.get("gen. perplexity").doubleValue(), 1e-6);
      assertTrue(row.get("entropy").doubleValue() > 0.5, row.toString());
    }
    assertEquals(
        1, evaluate("generation", "autoregressive", judge(), "--samples=2").get("rows").size());
  }

  @Test
  void aSweepHasARowForEveryPredictorDrawAndStepCount() throws IOException {
    JsonNode rows =
        evaluate(
                "sweep",
                "score-entropy",
                judge(),
                "--samples=2",
                "--steps=2,4",
                "--draws=exact,fp32",
                "--beside=" + folder.resolve("autoregressive"))
            .get("rows");
    assertEquals(2 * 2 * 2 + 1, rows.size());
    assertEquals("euler", rows.get(0).get("predictor").textValue());
    assertEquals("fp32", rows.get(2).get("draw").textValue());
  }

  @Test
  void infillingCountsMatchesAndGivesTheLikelihoodOfTheBlanks() throws IOException {
    JsonNode rows =
        evaluate(
                "infilling",
                "score-entropy",
                text(),
                "--sequences=4",
                "--steps=4",
                "--rates=0.25,0.5",
                "--beside=" + folder.resolve("autoregressive"))
            .get("rows");
    assertEquals(8, rows.size());
    double matched = rows.get(0).get("tokens matched").doubleValue();
    assertTrue(matched >= 0 && matched <= 1);
    assertTrue(rows.get(2).get("tokens matched").isNull());
    assertEquals(Math.log(270), rows.get(2).get("nats").doubleValue(), 0.3);
  }

  @Test
  void aDiffusionModelIsNoJudge() {
    StringWriter printed = new StringWriter();
    int code =
        execute(
            new EvaluateCommand(),
            printed,
            "generation",
            "--checkpoint=" + folder.resolve("score-entropy"),
            "--judge=" + folder.resolve("score-entropy"),
            "--backend=reference");
    assertEquals(1, code);
    assertTrue(printed.toString().contains("was trained by score_entropy"), printed.toString());
  }

  @Test
  void evaluateAloneSaysWhatCanBeEvaluated() {
    StringWriter printed = new StringWriter();
    assertEquals(2, execute(new EvaluateCommand(), printed));
    assertTrue(printed.toString().contains("perplexity, generation, sweep or infilling"));
  }
}
