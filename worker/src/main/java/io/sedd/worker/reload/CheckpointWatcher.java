package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointStore;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.ServedCheckpoint;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at intervals for another latest checkpoint, and when there is one loads it and hands it to
 * the denoising loop. One thread, hence one reload at a time.
 *
 * <p>Whatever is wrong with a checkpoint, the old one goes on serving; the failure is counted,
 * logged once and shown by {@link #status}, and the same files are not tried again.
 */
public final class CheckpointWatcher implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CheckpointWatcher.class);

  private final CheckpointStore store;
  private final Path folder;
  private final Duration interval;
  private final CheckpointLoader loader;
  private final DenoisingLoop loop;
  private final WorkerMetrics metrics;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final Thread thread;

  // owned by the watching thread
  private Optional<Fingerprint> tried = Optional.empty();
  private String complaint = "";

  private volatile ReloadStatus status = new ReloadStatus(Optional.empty(), Optional.empty());

  /**
   * A watcher that runs.
   *
   * @param folder of the store, to see whether files have changed
   */
  public CheckpointWatcher(
      CheckpointStore store,
      Path folder,
      Duration interval,
      CheckpointLoader loader,
      DenoisingLoop loop,
      WorkerMetrics metrics) {
    this.store = store;
    this.folder = folder;
    this.interval = interval;
    this.loader = loader;
    this.loop = loop;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name("sedd-reload").start(this::watch);
  }

  /** Done when the first checkpoint is being served. */
  public CompletableFuture<Void> first() {
    return first;
  }

  /** Where reloading stands. Thread-safe. */
  public ReloadStatus status() {
    return status;
  }

  private void watch() {
    try {
      do {
        look();
      } while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      Optional<String> latest = store.latest();
      if (latest.isEmpty()) {
        complain("no checkpoint has been published in " + folder + " yet");
        return;
      }
      Fingerprint found = Fingerprint.of(latest.get(), folder.resolve(latest.get()));
      if (!tried.equals(Optional.of(found))) {
        tried = Optional.of(found);
        reload(latest.get());
      } else if (status.serving().equals(latest) && status.refused().isPresent()) {
        status = new ReloadStatus(latest, Optional.empty());
        complaint = "";
      }
    } catch (IOException | CheckpointException e) {
      refuse("the latest checkpoint cannot be told: " + e.getMessage());
    }
  }

  private void reload(String name) throws InterruptedException {
    long begin = System.nanoTime();
    try {
      Checkpoint checkpoint = store.open(name);
      ServedCheckpoint loaded = loader.load(checkpoint);
      loop.serve(loaded).get();
      metrics.observeNanos(Metric.RELOAD_SECONDS, System.nanoTime() - begin);
      metrics.count(Metric.RELOADS, "served");
      metrics.clear(Metric.CHECKPOINT_INFO);
      metrics.set(
          Metric.CHECKPOINT_INFO,
          1,
          name,
          checkpoint.manifest().map(m -> String.valueOf(m.step())).orElse(""),
          checkpoint.sha256());
      status = new ReloadStatus(Optional.of(name), Optional.empty());
      complaint = "";
      log.info("serves checkpoint {} ({})", name, checkpoint.sha256().substring(0, 12));
      first.complete(null);
    } catch (IOException | RuntimeException | ExecutionException | OutOfMemoryError e) {
      refuse("checkpoint " + name + " is refused: " + e.getMessage());
    }
  }

  private void refuse(String why) {
    if (complain(why)) {
      metrics.count(Metric.RELOADS, "refused");
    }
  }

  /** Says it once; true if it is new. */
  private boolean complain(String why) {
    status = new ReloadStatus(status.serving(), Optional.of(why));
    if (complaint.equals(why)) {
      return false;
    }
    complaint = why;
    log.warn(
        "{}; {}",
        why,
        status.serving().map(old -> old + " goes on serving").orElse("no job is taken so far"));
    return true;
  }

  @Override
  public void close() {
    closing.countDown();
    // a reload that is going on may wait for a denoising loop that has ended
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
