package io.sedd.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training in processes that are killed at random moments. {@code -Dkills.seed=N} gives other
 * moments.
 */
class KilledTrainingTest {

  private static final int ENDLESS = 1_000_000;

  @TempDir Path folder;
  private final Random random = new Random(Long.getLong("kills.seed", 1));

  @BeforeEach
  void writeTextAndConfiguration() throws IOException {
    Files.writeString(
        folder.resolve("text.txt"),
        "The cat sat on the mat.\n<|endoftext|>\nThe dog stood on the log, wondering.\n"
            .repeat(40));
  }

  /** With dropout, on the default backend with one thread: the same numbers in every process. */
  private SeddProcess start(Path run, int steps) throws IOException {
    Files.writeString(
        folder.resolve("train.yaml"),
        """
        corpus: {train: [%1$s/text.txt], heldOut: [%1$s/text.txt]}
        tokenizer: {kind: train, vocabulary: 280}
        model: {length: 16, hidden: 32, conditioning: 16, blocks: 2, heads: 2, dropout: 0.1, recompute: true}
        batch: {sequences: 4, accumulation: 2}
        optimizer: {learningRate: {warmup: 5}}
        run: {steps: %2$d, evaluateEvery: 20, checkpointEvery: 7}
        evaluation: {sequences: 4}
        metrics: {every: 1}
        backend: {name: nd4j, threads: 1}
        """
            .formatted(folder, steps));
    return new SeddProcess(
        folder.resolve("log"),
        List.of("train", "--config", folder + "/train.yaml", "--set", "checkpoints.folder=" + run));
  }

  private static List<ObjectNode> metrics(Path run) {
    List<ObjectNode> lines = new ArrayList<>();
    Path file = run.resolve("metrics.jsonl");
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        if (line.endsWith("}")) { // the last may be on its way
          lines.add((ObjectNode) new ObjectMapper().readTree(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  private static int step(Path run) {
    return metrics(run).stream().mapToInt(line -> line.path("step").intValue()).max().orElse(0);
  }

  /** All that was logged, without what a clock says. */
  private static List<String> curve(Path run) {
    return metrics(run).stream()
        .map(line -> line.without(List.of("time", "tokensPerSecond")).toString())
        .toList();
  }

  private static Checkpoint latest(Path run) throws IOException {
    var store = new FileSystemCheckpointStore(run);
    Checkpoint checkpoint = store.open(store.latest().orElseThrow());
    checkpoint.verifyWithTraining();
    return checkpoint;
  }

  @Test
  void aRunThatIsKilledAtRandomStepsHasTheSameCurveBitForBit()
      throws IOException, InterruptedException {
    Path killed = folder.resolve("killed");
    for (int kill = 0; kill < 2; kill++) {
      int at = step(killed) + 1 + random.nextInt(20);
      try (SeddProcess process = start(killed, ENDLESS)) {
        process.await(() -> step(killed) >= at);
        process.kill();
      }
    }
    int steps = step(killed) + 5;
    Path straight = folder.resolve("straight");
    for (Path run : List.of(killed, straight)) {
      try (SeddProcess process = start(run, steps)) {
        assertEquals(0, process.exitCode(), process.printed());
      }
    }
    assertEquals(curve(straight), curve(killed));
    assertEquals(steps, step(killed));
    // the hashes cover weights, moments, moving average and step
    assertEquals(
        latest(straight).manifest().orElseThrow().files(),
        latest(killed).manifest().orElseThrow().files());
  }

  @Test
  void ctrlCEndsWithACompleteCheckpointOfTheLastStep() throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    try (SeddProcess process = start(run, ENDLESS)) {
      process.await(() -> step(run) >= 3);
      process.interrupt();
      assertEquals(130, process.exitCode(), process.printed());
    }
    long last = latest(run).manifest().orElseThrow().step();
    assertEquals(step(run), last);
    try (SeddProcess process = start(run, (int) last + 1)) {
      assertEquals(0, process.exitCode(), process.printed());
      assertTrue(
          process.printed().contains("training resumes after step " + last), process.printed());
    }
  }
}
