package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.DeviceMemory;
import io.sedd.diffusion.network.EvaluationMemory;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the evaluations of a device within its memory, and shows how much of it is left; of a
 * device without memory of its own, nothing. Owned by the denoising thread.
 *
 * <p>Rows are planned when jobs first meet a network of a shape: so many that a second checkpoint
 * of that shape still fits beside them. Where the plan is wrong, because somebody else took memory,
 * {@link StepCapacity} goes on by halves.
 */
final class MemoryBounds {

  private static final Logger log = LoggerFactory.getLogger(MemoryBounds.class);

  /** Between two looks at the memory: the driver is asked for it. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** For logits of a piece, workspaces of products, tables. */
  private static final long BESIDE_ROWS = 512L << 20;

  private final String device;
  private final Supplier<Optional<DeviceMemory>> memory;
  private final JobBatch batch;
  private final DeviceMetrics metrics;
  private Optional<NetworkShape> planned = Optional.empty();
  private Instant next = Instant.MIN;

  MemoryBounds(
      String device,
      Supplier<Optional<DeviceMemory>> memory,
      JobBatch batch,
      DeviceMetrics metrics) {
    this.device = device;
    this.memory = memory;
    this.batch = batch;
    this.metrics = metrics;
  }

  /**
   * To be called between steps.
   *
   * @param serving shape of the network that new jobs run on, if one is served
   */
  void look(Instant now, Optional<NetworkShape> serving) {
    boolean unplanned = serving.isPresent() && !serving.equals(planned);
    if (!unplanned && now.isBefore(next)) {
      return;
    }
    next = now.plus(INTERVAL);
    memory
        .get()
        .ifPresent(
            present -> {
              metrics.set(Metric.DEVICE_MEMORY, present.usedBytes(), "used");
              metrics.set(Metric.DEVICE_MEMORY, present.freeBytes(), "free");
              if (unplanned) {
                plan(serving.get(), present.freeBytes() + batch.workspaceBytes());
              }
            });
    planned = serving.isPresent() ? serving : planned;
  }

  private void plan(NetworkShape shape, long free) {
    int wanted = batch.mostRows();
    int rows = rows(wanted, shape, free);
    batch.limitRows(rows);
    if (rows < wanted) {
      log.warn(
          "device {}: batch.maxRows is {}, but {} MiB of its memory are free and a second"
              + " checkpoint must fit too: at most {} rows are evaluated at once",
          device,
          wanted,
          free >> 20,
          rows);
    }
  }

  /**
   * How many rows to evaluate at once.
   *
   * @param wanted at most
   * @param free bytes for them, and for another checkpoint
   * @return at least 1
   */
  static int rows(int wanted, NetworkShape shape, long free) {
    long room = free - EvaluationMemory.bytesOfWeights(shape) - BESIDE_ROWS;
    return (int) Math.clamp(room / EvaluationMemory.bytesPerRow(shape), 1, wanted);
  }
}
