package io.sedd.trainer.training;

import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.tensorboard.EventFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * A run's curves for TensorBoard, under the names of the training log. A resumed run writes a new
 * file, which takes the place of what the older ones have beyond its checkpoint.
 */
public final class TensorBoardLog implements TrainingObserver {

  private final Path folder;
  private final int every;
  private final InstantSource clock;
  private EventFile file;

  /**
   * A log whose file is made when the run starts.
   *
   * @param every steps between two points
   */
  public TensorBoardLog(Path folder, int every, InstantSource clock) {
    this.folder = folder;
    this.every = every;
    this.clock = clock;
  }

  @Override
  public void started(int step) {
    write(() -> file = new EventFile(folder, step, clock));
  }

  @Override
  public void stepTaken(StepReport report) {
    if (!RunLimits.due(report.step(), every)) {
      return;
    }
    write(
        () -> {
          file.scalar("train/nats_per_token", report.step(), report.natsPerToken());
          file.scalar("train/gradient_norm", report.step(), report.gradientNorm());
          file.scalar("train/learning_rate", report.step(), report.learningRate());
        });
  }

  @Override
  public void evaluated(int step, BoundEstimate heldOut) {
    write(
        () -> {
          file.scalar("held_out/nats_per_token", step, heldOut.bound());
          file.scalar("held_out/perplexity", step, heldOut.perplexity());
        });
  }

  @Override
  public void sampled(int step, List<String> texts) {
    write(
        () -> {
          for (int i = 0; i < texts.size(); i++) {
            file.text("samples/" + i, step, texts.get(i));
          }
        });
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": the event file cannot be written", e);
    }
  }

  @Override
  public void close() {
    if (file != null) {
      write(file::close);
    }
  }
}
