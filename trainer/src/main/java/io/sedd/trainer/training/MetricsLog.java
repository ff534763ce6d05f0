package io.sedd.trainer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.trainer.evaluation.BoundEstimate;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code metrics.jsonl}: one JSON object a line. A training line has the means over the steps since
 * the line before it; a held-out line has the bound of the moving average. A line is also written
 * before each checkpoint, and a resumed run first takes away the lines after its checkpoint, so
 * that the curve of a killed and resumed run is that of one that was not killed.
 */
public final class MetricsLog implements TrainingObserver {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final int every;
  private final InstantSource clock;

  private BufferedWriter writer;
  private Interval interval = new Interval();
  private Instant intervalBegin;
  private int step;

  /**
   * A log that is opened when the run starts.
   *
   * @param every steps between two training lines
   */
  public MetricsLog(Path file, int every, InstantSource clock) {
    this.file = file;
    this.every = every;
    this.clock = clock;
  }

  @Override
  public void started(int step) {
    this.step = step;
    intervalBegin = clock.instant();
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      keepUpTo(step);
      writer =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the metrics log cannot be written", e);
    }
  }

  /** Drops lines of later steps, and a last line that a kill cut in two. */
  private void keepUpTo(int step) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    List<String> kept = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (stepOf(line) <= step) {
        kept.add(line);
      }
    }
    Path rewritten = file.resolveSibling(file.getFileName() + ".new");
    Files.write(rewritten, kept, StandardCharsets.UTF_8);
    Files.move(rewritten, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static int stepOf(String line) {
    try {
      JsonNode step = JSON.readTree(line).path("step");
      return step.isInt() ? step.intValue() : Integer.MAX_VALUE;
    } catch (IOException _) {
      return Integer.MAX_VALUE;
    }
  }

  @Override
  public void stepTaken(StepReport report) {
    step = report.step();
    interval.add(report);
    if (RunLimits.due(step, every)) {
      writeInterval();
    }
  }

  @Override
  public void evaluated(int step, BoundEstimate heldOut) {
    ObjectNode line = JSON.createObjectNode();
    line.put("step", step);
    line.put("heldOutNatsPerToken", heldOut.bound());
    line.put("standardError", heldOut.standardError());
    line.put("sequences", heldOut.sequences());
    write(line);
  }

  @Override
  public void publishing() {
    writeInterval();
  }

  private void writeInterval() {
    if (interval.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    double seconds = Duration.between(intervalBegin, now).toNanos() / 1e9;
    ObjectNode line = JSON.createObjectNode();
    line.put("step", step);
    line.put("steps", interval.steps());
    line.put("loss", interval.loss());
    line.put("natsPerToken", interval.natsPerToken());
    line.put("gradientNorm", interval.gradientNorm());
    line.put("learningRate", interval.learningRate());
    line.put("tokensPerSecond", seconds > 0 ? interval.tokens() / seconds : 0);
    line.put("time", now.toString());
    write(line);
    interval = new Interval();
    intervalBegin = now;
  }

  private void write(ObjectNode line) {
    try {
      writer.write(JSON.writeValueAsString(line));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the metrics log cannot be written", e);
    }
  }

  /** Writes what is left and closes the file. */
  @Override
  public void close() {
    if (writer == null) {
      return;
    }
    writeInterval();
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the metrics log cannot be closed", e);
    }
  }
}
