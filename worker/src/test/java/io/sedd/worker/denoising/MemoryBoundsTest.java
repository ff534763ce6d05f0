package io.sedd.worker.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DeviceMemory;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.EvaluationMemory;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBoundsTest {

  private static final long GIB = 1L << 30;
  private static final int ROWS = 8_192;
  private static final NetworkShape SMALL = new NetworkShape(50_258, 768, 128, 1_024, 12, 12, true);
  private static final NetworkShape MEDIUM =
      new NetworkShape(50_258, 1_024, 128, 1_024, 24, 16, true);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Backend backend = new ReferenceBackend();
  private final DeviceMetrics ofDevice = new DeviceMetrics(metrics, "3");
  private final JobBatch batch = new JobBatch(backend, ROWS, ofDevice);

  @AfterEach
  void close() {
    batch.close();
    backend.close();
  }

  private MemoryBounds bounds(Supplier<Optional<DeviceMemory>> memory) {
    return new MemoryBounds("3", memory, batch, ofDevice);
  }

  private static Supplier<Optional<DeviceMemory>> free(long bytes) {
    return () -> Optional.of(new DeviceMemory(16 * GIB, bytes));
  }

  @Test
  void aBatchThatFitsWithASecondCheckpointIsTakenWhole() {
    long needed =
        EvaluationMemory.bytesOfWeights(SMALL)
            + ROWS * EvaluationMemory.bytesPerRow(SMALL)
            + (512L << 20);
    assertEquals(ROWS, MemoryBounds.rows(ROWS, SMALL, needed));
    assertEquals(ROWS - 1, MemoryBounds.rows(ROWS, SMALL, needed - 1));
    assertEquals(ROWS, MemoryBounds.rows(ROWS, SMALL, 100 * needed));
    // 170 million parameters and 8,192 rows are no more than a small card has
    assertTrue(needed > GIB && needed < 3 * GIB, () -> needed + " bytes");
  }

  @Test
  void whereNothingFitsALaneIsStillTriedAlone() {
    assertEquals(1, MemoryBounds.rows(ROWS, SMALL, 0));
    assertEquals(1, MemoryBounds.rows(ROWS, MEDIUM, GIB));
  }

  @Test
  void theBatchIsLimitedWhenANetworkIsServedAndAgainForAnother() {
    AtomicInteger looks = new AtomicInteger();
    long bytes = 2 * GIB + (1L << 29);
    MemoryBounds bounds =
        bounds(
            () -> {
              looks.incrementAndGet();
              return free(bytes).get();
            });
    bounds.look(BEGIN, Optional.empty());
    assertEquals(ROWS, batch.rowsAtOnce());
    bounds.look(BEGIN, Optional.of(SMALL));
    int small = batch.rowsAtOnce();
    assertEquals(MemoryBounds.rows(ROWS, SMALL, bytes), small);
    bounds.look(BEGIN.plusMillis(1), Optional.of(MEDIUM));
    assertTrue(batch.rowsAtOnce() < small);
    assertEquals(3, looks.get());
  }

  @Test
  void memoryIsShownOnceASecond() {
    AtomicInteger looks = new AtomicInteger();
    MemoryBounds bounds =
        bounds(() -> Optional.of(new DeviceMemory(16 * GIB, looks.incrementAndGet() * GIB)));
    bounds.look(BEGIN, Optional.empty());
    bounds.look(BEGIN.plusMillis(999), Optional.empty());
    assertEquals(GIB, metrics.value(Metric.DEVICE_MEMORY, "3", "free"));
    assertEquals(15 * GIB, metrics.value(Metric.DEVICE_MEMORY, "3", "used"));
    bounds.look(BEGIN.plusMillis(1_000), Optional.empty());
    assertEquals(2 * GIB, metrics.value(Metric.DEVICE_MEMORY, "3", "free"));
  }

  @Test
  void aDeviceWithoutMemoryOfItsOwnHasNoBounds() {
    bounds(Optional::empty).look(BEGIN, Optional.of(MEDIUM));
    assertEquals(ROWS, batch.rowsAtOnce());
    assertTrue(!metrics.page(Set.of()).contains("sedd_device_memory_bytes{"));
  }
}
