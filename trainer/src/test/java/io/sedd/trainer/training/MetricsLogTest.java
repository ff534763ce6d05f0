package io.sedd.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {

  @TempDir Path folder;
  private Instant now = Instant.EPOCH;

  private void steps(Path file, int first, int last) {
    try (MetricsLog log = new MetricsLog(file, 10, () -> now)) {
      log.started(first - 1);
      for (int step = first; step <= last; step++) {
        now = now.plusSeconds(2);
        log.stepTaken(new StepReport(step, step, step / 8.0, 1, 1e-3, 64));
      }
    }
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void aLineHasTheMeansSinceTheLineBefore() throws IOException {
    Path file = folder.resolve("runs/metrics.jsonl");
    steps(file, 1, 25);
    List<JsonNode> lines = lines(file);
    assertEquals(
        List.of(10, 20, 25), lines.stream().map(line -> line.get("step").intValue()).toList());
    assertEquals(15.5, lines.get(1).get("loss").doubleValue());
    assertEquals(32, lines.get(1).get("tokensPerSecond").doubleValue(), 1e-9);
  }

  @Test
  void aResumedRunDropsLaterLinesAndALineThatWasCutInTwo() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    steps(file, 1, 40);
    Files.writeString(file, Files.readString(file) + "{\"step\":4");
    steps(file, 21, 30);
    assertEquals(
        List.of(10, 20, 30),
        lines(file).stream().map(line -> line.get("step").intValue()).toList());
    assertTrue(Files.readString(file).endsWith("\n"));
  }
}
