package io.sedd.worker.kafka;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks now and then how many records a share group has still to finish: what autoscalers need, and
 * no lag tool for consumer groups shows. Runs on a thread of its own.
 */
@SuppressWarnings("try") // closing waits for the thread and may be interrupted
public final class ShareGroupLag implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShareGroupLag.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Admin admin;
  private final String group;
  private final Duration interval;
  private final WorkerMetrics metrics;
  private final Thread thread;

  /** A gauge that is kept up to date from now on; owns the client. */
  public ShareGroupLag(Admin admin, String group, Duration interval, WorkerMetrics metrics) {
    this.admin = admin;
    this.group = group;
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
      long lag =
          admin
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group)
              .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
              .values()
              .stream()
              .mapToLong(ShareGroupLag::lag)
              .sum();
      metrics.set(Metric.SHARE_GROUP_LAG, (double) lag);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the lag of the share group {} cannot be read: {}", group, e.toString());
    }
  }

  /** Null stands for a partition that the group has not begun. */
  private static long lag(SharePartitionOffsetInfo info) {
    return info == null ? 0 : info.lag().orElse(0L);
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    admin.close();
  }
}
