package io.sedd.worker.reload;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.canary.CanarySettings;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.MovableClock;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on two devices, the second of which may have no memory for one; looks are ours. */
class ReloadOnSeveralDevicesTest {

  private static final int ROWS = 256;
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final CanarySettings OFF =
      new CanarySettings(0, Duration.ZERO, 2, 0.001, 0.05, 0.05);

  @TempDir private Path folder;

  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final WorkerMetrics metrics = new WorkerMetrics(List.of("0", "1"));
  private final Results results = new Results("w");
  private final Map<String, GenerationResult> ended = new ConcurrentHashMap<>();

  /** Every tensor that a device has given, closed or not. */
  private final List<List<Tensor>> given =
      List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());

  private volatile boolean noMemory;

  private final List<Device> devices =
      List.of(new Device(0, 0, watched(0)), new Device(1, 1, watched(1)));
  private final JobScheduler scheduler =
      new JobScheduler(
          new QueueSettings(
              1 << 30, 1 << 30, Duration.ofSeconds(10), new RetryPolicy(3, Duration.ZERO)),
          2 * ROWS,
          (_, settlement) -> settled(settlement),
          results,
          metrics,
          clock);
  private final CheckpointRack rack = new CheckpointRack(2);
  private final List<DenoisingLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private CheckpointStore store;
  private Reloading reloading;
  private long offset;

  /** A backend whose tensors are noted, and which may have none to give. */
  private Backend watched(int index) {
    Backend real = Backends.open(Optional.of("nd4j"), new BackendOptions(1, index));
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, arguments) -> {
              boolean allocates = method.getName().equals("allocate");
              if (allocates && index == 1 && noMemory) {
                throw new DeviceException.OutOfMemory("no memory on this one", null);
              }
              try {
                Object answer = method.invoke(real, arguments);
                if (allocates) {
                  given.get(index).add((Tensor) answer);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void settled(Settlement settlement) {
    if (settlement instanceof Settlement.Ended(var result, _)) {
      ended.put(result.jobId(), result);
    }
  }

  @BeforeEach
  void start() throws Exception {
    store = new FileSystemCheckpointStore(folder);
    for (Device device : devices) {
      DenoisingLoop loop =
          new DenoisingLoop(
              device,
              new DenoisingSettings(ROWS, Duration.ZERO),
              scheduler,
              rack,
              results,
              _ -> {},
              metrics,
              clock,
              Throwable::printStackTrace);
      loops.add(loop);
      threads.add(Thread.ofPlatform().start(loop));
    }
    TinyCheckpoints.publish(store, "first", 1);
    reloading =
        new Reloading(
            store,
            new ReloadSettings("here", INTERVAL, Optional.empty(), OFF),
            new CheckpointLoader(devices, ROWS),
            rack,
            new ReloadMetrics(metrics),
            clock);
    reloading.look();
    assertEquals(Optional.of("first"), reloading.status().serving());
  }

  @AfterEach
  void stop() throws InterruptedException {
    loops.forEach(DenoisingLoop::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, open(0) + open(1), "tensors that nobody closed");
    devices.forEach(device -> device.backend().close());
  }

  /** Tensors of a device that can still be read. */
  private long open(int device) {
    return given.get(device).stream().filter(tensor -> isOpen(device, tensor)).count();
  }

  private boolean isOpen(int device, Tensor tensor) {
    try {
      devices.get(device).backend().read(tensor);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Runs some jobs; the names of the checkpoints that they ran on. */
  private Set<String> run(String prefix) {
    for (int i = 0; i < 12; i++) {
      scheduler.accept(
          new Delivery(
              new RecordPosition(0, offset++, 1),
              Jobs.withSteps(Jobs.job(prefix + i), 4),
              8,
              1,
              clock.instant(),
              clock.instant()));
    }
    scheduler.start(scheduler.claim());
    await().atMost(Duration.ofSeconds(30)).until(scheduler::idle);
    return ended.values().stream()
        .filter(result -> result.jobId().startsWith(prefix))
        .map(result -> result.checkpoint().orElseThrow().name())
        .collect(Collectors.toSet());
  }

  @Test
  void aNewCheckpointServesOnBothDevicesAndTheOldWeightsAreFreedOnBoth() throws Exception {
    long each = open(0);
    assertTrue(each > 0);
    assertEquals(each, open(1));
    assertEquals(Set.of("first"), run("before"));
    TinyCheckpoints.publish(store, "second", 2);
    reloading.look();
    assertEquals(Set.of("second"), run("after"));
    assertEquals(each, open(0));
    assertEquals(each, open(1));
    assertTrue(metrics.value(Metric.DENOISE_STEPS, "0") > 0);
    assertTrue(metrics.value(Metric.DENOISE_STEPS, "1") > 0);
  }

  @Test
  void whereOneDeviceCannotLoadItTheOldOneGoesOnServingOnAllAndNothingIsKept() throws Exception {
    long each = open(0);
    TinyCheckpoints.publish(store, "second", 2);
    noMemory = true;
    reloading.look();
    assertEquals(Optional.of("first"), reloading.status().serving());
    assertTrue(reloading.status().refused().orElseThrow().contains("no memory on this one"));
    assertEquals(each, open(0));
    assertEquals(each, open(1));
    assertEquals(Set.of("first"), run("meanwhile"));
    noMemory = false;
    clock.advance(INTERVAL.multipliedBy(2));
    reloading.look();
    assertEquals(Set.of("second"), run("later"));
  }

  @Test
  void pinsAndRollbacksHoldOnBothDevices() throws Exception {
    TinyCheckpoints.publish(store, "second", 2);
    reloading.look();
    reloading.rollback();
    assertEquals(Set.of("first"), run("back"));
    reloading.pin("second");
    assertEquals(Set.of("second"), run("pinned"));
  }

  @Test
  void aTrialGivesTheCandidateItsShareOnBothDevices() throws Exception {
    Reloading onTrial =
        new Reloading(
            store,
            new ReloadSettings(
                "here",
                INTERVAL,
                Optional.empty(),
                new CanarySettings(0.5, Duration.ofMinutes(1), 20, 0.001, 0.05, 0.05)),
            new CheckpointLoader(devices, ROWS),
            rack,
            new ReloadMetrics(metrics),
            clock);
    onTrial.look();
    TinyCheckpoints.publish(store, "second", 1);
    onTrial.look();
    for (int round = 0; round < 6; round++) {
      run("trial-" + round + "-");
    }
    onTrial.look();
    var candidate = onTrial.status().candidate().orElseThrow();
    assertEquals(72, candidate.jobs() + candidate.beside());
    assertTrue(candidate.jobs() >= 20 && candidate.beside() >= 20, candidate::toString);
    clock.advance(Duration.ofMinutes(1));
    onTrial.look();
    assertEquals(Optional.of("second"), onTrial.status().serving());
    assertEquals(Set.of("second"), run("promoted"));
  }
}
