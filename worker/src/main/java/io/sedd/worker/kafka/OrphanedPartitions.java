package io.sedd.worker.kafka;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds partitions of the jobs topic that a settled group has given to nobody, and has them given
 * to somebody. Runs on a thread of its own; every worker of the group looks.
 *
 * <p>Kafka 4.4's assignor {@code uniform} gives out what its coordinator notes as free. A
 * coordinator that was loaded from a damaged or half-written log may note a member that is long
 * gone, and such a partition is given to nobody for ever: the group looks healthy and its jobs
 * wait. The assignor {@code range} divides all partitions anew whatever the notes say, and what it
 * decides corrects them; it is the group's for as long as one member asks for it and none asks for
 * another. So a member that does joins for a moment, fetches nothing, and leaves.
 */
@SuppressWarnings("try") // closing waits for the thread and may be interrupted
public final class OrphanedPartitions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OrphanedPartitions.class);

  /** A decision takes one heartbeat of the joining member and the broker's pause between two. */
  private static final Duration DECISION_LIMIT = Duration.ofSeconds(15);

  private static final Duration LEAVING_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Each try moves partitions: where it does not help it is made ever more rarely. */
  private static final int MOST_ROUNDS_BETWEEN_TRIES = 64;

  private final Admin admin;
  private final KafkaClients clients;
  private final String group;
  private final String topic;
  private final Duration interval;
  private final WorkerMetrics metrics;
  private final Thread thread;

  private Set<Integer> before = Set.of();
  private int roundsBetweenTries = 1;
  private int roundsToNextTry;

  /**
   * Looks from now on.
   *
   * @param admin stays the caller's
   * @param interval between two looks; what two of them find is believed
   */
  public OrphanedPartitions(
      Admin admin,
      KafkaClients clients,
      String group,
      String topic,
      Duration interval,
      WorkerMetrics metrics) {
    this.admin = admin;
    this.clients = clients;
    this.group = group;
    this.topic = topic;
    this.interval = interval;
    this.metrics = metrics;
    this.thread = Thread.ofVirtual().name("sedd-orphans").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        try {
          look();
        } catch (InterruptException e) {
          throw e;
        } catch (KafkaException e) {
          log.warn("how the group shares its partitions cannot be read: {}", e.toString());
        }
      }
    } catch (InterruptedException | InterruptException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    PartitionSharing sharing = PartitionSharing.of(admin, group, topic);
    Set<Integer> orphans = sharing.incomplete() ? sharing.withoutMember() : Set.of();
    metrics.set(Metric.PARTITIONS_ORPHANED, orphans.size());
    if (sharing.complete()) {
      roundsBetweenTries = 1;
      roundsToNextTry = 0;
    } else if (!orphans.isEmpty() && orphans.equals(before) && roundsToNextTry-- <= 0) {
      log.warn(
          "partitions {} of {} belong to no worker although the group {} is stable;"
              + " has all of them divided anew",
          new TreeSet<>(orphans),
          topic,
          group);
      metrics.count(Metric.GROUP_DIVISIONS);
      divideAnew();
      roundsToNextTry = roundsBetweenTries;
      roundsBetweenTries = Math.min(2 * roundsBetweenTries, MOST_ROUNDS_BETWEEN_TRIES);
    }
    before = orphans;
  }

  private void divideAnew() throws InterruptedException {
    Consumer<byte[], byte[]> member = clients.dividingMember();
    try {
      member.subscribe(List.of(topic), new FetchNothing(member));
      long end = System.nanoTime() + DECISION_LIMIT.toNanos();
      while (!PartitionSharing.of(admin, group, topic).complete()) {
        if (System.nanoTime() - end > 0) {
          log.warn("the group {} still gives partitions to nobody; tries again later", group);
          return;
        }
        member.poll(POLL);
      }
      log.info("every partition of {} belongs to a worker again", topic);
    } finally {
      member.close(CloseOptions.timeout(LEAVING_LIMIT));
    }
  }

  private record FetchNothing(Consumer<byte[], byte[]> member)
      implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      member.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // nothing was fetched
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
