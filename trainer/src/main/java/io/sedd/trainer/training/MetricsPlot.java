package io.sedd.trainer.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.trainer.chart.Curve;
import io.sedd.trainer.chart.CurvePanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.chart.Panel;
import io.sedd.trainer.chart.Scale;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The curves of {@code metrics.jsonl} as one picture, drawn anew at each checkpoint and at the end:
 * loss and held-out bound, gradient norm, learning rate. It is of the whole run, resumes included.
 */
public final class MetricsPlot implements TrainingObserver {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path metrics;
  private final Path picture;

  /**
   * A picture beside a log, which must be an earlier observer of the run.
   *
   * @param metrics the log's file
   * @param picture PNG; replaced
   */
  public MetricsPlot(Path metrics, Path picture) {
    this.metrics = metrics;
    this.picture = picture;
  }

  /** Drawn at once, so that a machine without fonts is known before hours of training. */
  @Override
  public void started(int step) {
    draw();
  }

  @Override
  public void published(int step, String name) {
    draw();
  }

  private void draw() {
    try {
      Path parent = picture.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Path written = parent.resolve("." + picture.getFileName() + ".new");
      try (OutputStream out = Files.newOutputStream(written)) {
        page().write(out);
      }
      Files.move(written, picture, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          picture + ": the plot cannot be written: " + e.getMessage(), e);
    }
  }

  private Page page() throws IOException {
    List<JsonNode> lines = lines();
    Curve training = curve(lines, "training", "natsPerToken", Ink.SKY);
    Curve heldOut = curve(lines, "held out", "heldOutNatsPerToken", Ink.NAVY);
    return new Page(
        "Training",
        List.of(
            metrics.toString(),
            heldOut.points().isEmpty()
                ? "no held-out text was evaluated yet"
                : String.format(
                    Locale.ROOT,
                    "held-out bound %.4f nats a token, perplexity %.2f",
                    heldOut.points().getLast().y(),
                    Math.exp(heldOut.points().getLast().y()))),
        panel(
            "Gradient norm",
            "Before clipping, means of each line of the log",
            Scale.LOGARITHMIC,
            curve(lines, "norm", "gradientNorm", Ink.ORANGE)),
        panel(
            "Learning rate",
            "Of each line's last step",
            Scale.LINEAR,
            curve(lines, "rate", "learningRate", Ink.RED)),
        panel(
            "Loss",
            "Nats a token: the training loss of the raw weights, the bound of the moving average",
            Scale.LINEAR,
            training,
            heldOut));
  }

  private static Optional<Panel> panel(
      String title, String explanation, Scale up, Curve... curves) {
    return Optional.of(
        new CurvePanel(title, explanation, "step", Scale.LINEAR, up, List.of(curves)));
  }

  private static Curve curve(List<JsonNode> lines, String label, String key, Ink ink) {
    List<Curve.Point> points = new ArrayList<>();
    for (JsonNode line : lines) {
      double value = line.path(key).asDouble(Double.NaN);
      // a logarithmic axis has no 0
      if (Double.isFinite(value) && value > 0) {
        points.add(new Curve.Point(line.path("step").asDouble(), value, false));
      }
    }
    return new Curve(label, ink, points);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(metrics)) {
      try {
        lines.add(JSON.readTree(line));
      } catch (JacksonException e) {
        throw new IOException(metrics + ": a line is no JSON: " + e.getOriginalMessage(), e);
      }
    }
    return lines;
  }
}
