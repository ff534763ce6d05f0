package io.sedd.worker.kafka;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks now and then how many records the group has still to finish: what autoscalers need. Every
 * worker tells the same number. Runs on a thread of its own.
 */
@SuppressWarnings("try") // closing waits for the thread and may be interrupted
public final class GroupLag implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GroupLag.class);

  private final Admin admin;
  private final LagReader reader;
  private final Duration interval;
  private final WorkerMetrics metrics;
  private final Thread thread;

  /** A gauge that is kept up to date from now on; owns the client. */
  public GroupLag(Admin admin, LagReader reader, Duration interval, WorkerMetrics metrics) {
    this.admin = admin;
    this.reader = reader;
    this.interval = interval;
    this.metrics = metrics;
    this.thread = Thread.ofVirtual().name("sedd-lag").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        look();
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      metrics.set(Metric.GROUP_LAG, (double) reader.read(admin));
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the lag of the group cannot be read: {}", e.toString());
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    admin.close();
  }
}
