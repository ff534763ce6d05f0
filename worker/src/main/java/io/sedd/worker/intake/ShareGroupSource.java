package io.sedd.worker.intake;

import io.sedd.worker.intake.SourceState.Phase;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.AcknowledgedPublisher;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * At-least-once delivery by a share group: records are not bound to partitions, so that more
 * workers than partitions have work and a slow job holds up nobody.
 *
 * <ul>
 *   <li>A consumer has to acknowledge all that one poll gave before the next, so several take
 *       turns: each is a {@link ShareLane} with a thread of its own.
 *   <li>A result is published, on all replicas, before its record is acknowledged. A worker that
 *       dies in between leaves a result and a record: the job is done again, with the same text
 *       under the same key, and readers keep one of each key.
 *   <li>Locks of running jobs are renewed for as long as they run.
 *   <li>A job that came more than twice runs alone, and in its last but one delivery becomes a dead
 *       letter here, so that the broker never archives it.
 * </ul>
 */
public final class ShareGroupSource implements JobSource {

  private final KafkaClients clients;
  private final ShareGroupSettings settings;
  private final JobReader reader;
  private final SettlementRecords records;
  private final WorkerMetrics metrics;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;
  private volatile List<ShareLane> lanes = List.of();
  private final List<Thread> threads = new ArrayList<>();
  private AcknowledgedPublisher publisher;
  private boolean stopped;

  /**
   * A source that is not started.
   *
   * @param onFailure told, on a lane's thread, of a fault that ends the lane
   */
  public ShareGroupSource(
      KafkaClients clients,
      ShareGroupSettings settings,
      JobReader reader,
      SettlementRecords records,
      WorkerMetrics metrics,
      Clock clock,
      Consumer<Throwable> onFailure) {
    this.clients = clients;
    this.settings = settings;
    this.reader = reader;
    this.records = records;
    this.metrics = metrics;
    this.clock = clock;
    this.onFailure = onFailure;
  }

  @Override
  public synchronized void start(JobSink sink) {
    if (!threads.isEmpty()) {
      throw new IllegalStateException("this source was started before");
    }
    if (stopped) {
      return;
    }
    publisher = new AcknowledgedPublisher(clients.resultsProducer());
    LaneStarts starts = new LaneStarts(sink);
    List<ShareLane> made = new ArrayList<>();
    for (int number = 0; number < settings.lanes(); number++) {
      LanePublishing publishing = new LanePublishing(publisher, records, metrics);
      made.add(
          new ShareLane(
              number,
              settings,
              clients,
              reader,
              publishing,
              metrics,
              clock,
              sink,
              starts,
              onFailure));
    }
    lanes = List.copyOf(made);
    for (ShareLane lane : made) {
      threads.add(Thread.ofPlatform().name("sedd-lane-" + lane.number()).start(lane));
    }
  }

  @Override
  public void settle(RecordPosition position, Settlement settlement) {
    lanes
        .get(ShareLane.numberOf(position, settings.lanes()))
        .settle(new Settled(position, settlement));
  }

  @Override
  public SourceState state() {
    List<ShareLane> present = lanes;
    if (present.isEmpty()) {
      return new SourceState(Phase.IDLE, "waits for the first checkpoint");
    }
    SourceState worst = present.getFirst().state();
    for (ShareLane lane : present) {
      if (lane.state().phase().compareTo(worst.phase()) > 0) {
        worst = lane.state();
      }
    }
    return worst;
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    end(limit);
  }

  /** The broker has counted the delivery of what runs: there is nothing to keep on record. */
  @Override
  public void giveUp() throws InterruptedException {
    end(Duration.ZERO);
  }

  private synchronized void end(Duration limit) throws InterruptedException {
    stopped = true;
    lanes.forEach(lane -> lane.stop(limit));
    for (Thread thread : threads) {
      thread.join();
    }
    if (publisher != null) {
      publisher.close();
    }
  }
}
