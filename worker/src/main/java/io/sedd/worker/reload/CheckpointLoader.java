package io.sedd.worker.reload;

import io.sedd.diffusion.CanaryProbe;
import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.worker.denoising.ServedCheckpoint;
import java.io.IOException;

/**
 * Loads a checkpoint beside the one that serves and lets nothing through that is not sound: sizes
 * and hashes, shapes, finite weights, the canary, and one text generated from nothing, which also
 * warms the kernels up.
 */
public final class CheckpointLoader {

  /**
   * Rows of the text that proves the draw: the kernels are warm from the serving checkpoint, and
   * every row takes time from the step loop.
   */
  private static final int WARM_UP_ROWS = 64;

  private final Backend backend;
  private final int batchRows;

  /**
   * A loader.
   *
   * @param backend the one that serves; its step loop goes first
   * @param batchRows token rows of the batch: a template that is longer is refused at once
   */
  public CheckpointLoader(Backend backend, int batchRows) {
    this.backend = backend;
    this.batchRows = batchRows;
  }

  /**
   * Loads it.
   *
   * @return owned by the caller
   * @throws CheckpointException if it is not sound
   * @throws IOException if it cannot be read
   */
  public ServedCheckpoint load(Checkpoint checkpoint) throws IOException, InterruptedException {
    LowPriority.call(
        () -> {
          checkpoint.verify();
          return checkpoint;
        });
    return backend.aside(() -> proved(checkpoint));
  }

  private ServedCheckpoint proved(Checkpoint checkpoint) throws IOException {
    LoadedCheckpoint loaded = LoadedCheckpoint.load(checkpoint, backend);
    try {
      checkpoint
          .manifest()
          .flatMap(manifest -> manifest.canary())
          .ifPresent(canary -> new CanaryProbe(backend).verify(loaded.network(), canary));
      int length = Math.min(loaded.network().shape().length(), batchRows);
      warmUp(loaded, Math.min(length, WARM_UP_ROWS));
      return new ServedCheckpoint(
          new CheckpointName(checkpoint.name(), checkpoint.sha256()),
          loaded.model(),
          loaded.tokenizer(),
          new TemplateEncoder(loaded.tokenizer(), length, checkpoint.config().tokens()),
          loaded::close);
    } catch (RuntimeException | Error e) {
      loaded.close();
      throw e;
    }
  }

  private void warmUp(LoadedCheckpoint loaded, int length) {
    Lane lane =
        new Lane(new LaneRequest(Template.blank(length), Predictor.ANALYTIC, 1, 0), loaded.model());
    try (DenoisingBatch batch = new DenoisingBatch(backend, length)) {
      batch.offer(lane);
      while (!batch.isEmpty()) {
        batch.step();
      }
    }
    lane.failure()
        .ifPresent(
            why -> {
              throw new CheckpointException(
                  loaded.checkpoint().folder() + ": its scores cannot be drawn from: " + why);
            });
  }
}
