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
import io.sedd.worker.denoising.Device;
import io.sedd.worker.denoising.DeviceCopy;
import io.sedd.worker.denoising.ServedCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a checkpoint beside the one that serves and lets nothing through that is not sound: sizes
 * and hashes, shapes, finite weights, the canary, and one text generated from nothing, which also
 * warms the kernels up.
 *
 * <p>Files are hashed once; all else is done on one device after the other. What is not sound on
 * one of them is loaded on none.
 */
public final class CheckpointLoader {

  private static final Logger log = LoggerFactory.getLogger(CheckpointLoader.class);

  /**
   * Rows of the text that proves the draw: the kernels are warm from the serving checkpoint, and
   * every row takes time from the step loop.
   */
  private static final int WARM_UP_ROWS = 64;

  private final List<Device> devices;
  private final int batchRows;

  /**
   * A loader.
   *
   * @param devices all of the worker, in their order; their step loops go first
   * @param batchRows token rows of the batch of each: a template that is longer is refused at once
   */
  public CheckpointLoader(List<Device> devices, int batchRows) {
    this.devices = List.copyOf(devices);
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
    List<LoadedCheckpoint> copies = new ArrayList<>();
    try {
      for (Device device : devices) {
        copies.add(loadOn(device, checkpoint));
      }
      return served(checkpoint, copies);
    } catch (IOException | RuntimeException | Error e) {
      copies.forEach(LoadedCheckpoint::close);
      throw e;
    }
  }

  private LoadedCheckpoint loadOn(Device device, Checkpoint checkpoint) throws IOException {
    try {
      return device.backend().aside(() -> proved(checkpoint, device.backend()));
    } catch (IOException | RuntimeException | Error e) {
      if (devices.size() > 1) {
        log.warn("checkpoint {} does not load on device {}", checkpoint.name(), device.label());
      }
      throw e;
    }
  }

  private ServedCheckpoint served(Checkpoint checkpoint, List<LoadedCheckpoint> copies) {
    LoadedCheckpoint first = copies.getFirst();
    return new ServedCheckpoint(
        new CheckpointName(checkpoint.name(), checkpoint.sha256()),
        first.tokenizer(),
        new TemplateEncoder(
            first.tokenizer(), longestTemplate(first), checkpoint.config().tokens()),
        copies.stream().map(copy -> new DeviceCopy(copy.model(), copy::close)).toList());
  }

  private int longestTemplate(LoadedCheckpoint loaded) {
    return Math.min(loaded.network().shape().length(), batchRows);
  }

  private LoadedCheckpoint proved(Checkpoint checkpoint, Backend backend) throws IOException {
    LoadedCheckpoint loaded = LoadedCheckpoint.load(checkpoint, backend);
    try {
      checkpoint
          .manifest()
          .flatMap(manifest -> manifest.canary())
          .ifPresent(canary -> new CanaryProbe(backend).verify(loaded.network(), canary));
      warmUp(loaded, Math.min(longestTemplate(loaded), WARM_UP_ROWS), backend);
      return loaded;
    } catch (RuntimeException | Error e) {
      loaded.close();
      throw e;
    }
  }

  private static void warmUp(LoadedCheckpoint loaded, int length, Backend backend) {
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
