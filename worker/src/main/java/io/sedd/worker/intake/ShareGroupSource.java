package io.sedd.worker.intake;

import io.sedd.worker.intake.SourceState.Phase;
import io.sedd.worker.kafka.LoneStarts;
import io.sedd.worker.publishing.AcknowledgedPublisher;
import io.sedd.worker.publishing.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
 *   <li>A job that was delivered twice without an end is sent again and runs alone from then on;
 *       only one whose workers end while it runs alone becomes a dead letter ({@link
 *       LaneAdmission}).
 * </ul>
 */
public final class ShareGroupSource implements JobSource {

  private final SourceParts parts;
  private final ShareGroupSettings settings;
  private final SourceThreads threads = new SourceThreads();
  private volatile List<ShareLane> lanes = List.of();
  private AcknowledgedPublisher publisher;
  private LoneStarts loneStarts;

  /** A source that is not started. */
  public ShareGroupSource(SourceParts parts, ShareGroupSettings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  @Override
  public void start(JobSink sink) {
    threads.start(() -> lanes(sink));
  }

  private List<Thread> lanes(JobSink sink) {
    publisher = new AcknowledgedPublisher(parts.clients().resultsProducer());
    loneStarts = new LoneStarts(parts.clients().admin(), settings.group(), settings.topic());
    LaneStarts starts = new LaneStarts(sink, loneStarts);
    List<ShareLane> made = new ArrayList<>();
    List<Thread> unstarted = new ArrayList<>();
    for (int number = 0; number < settings.lanes(); number++) {
      ShareLane lane =
          new ShareLane(
              number,
              settings,
              parts,
              new LaneAdmission(settings, parts.reader(), loneStarts, parts.clock()),
              new LanePublishing(publisher, loneStarts, parts.records(), parts.metrics()),
              sink,
              starts);
      made.add(lane);
      unstarted.add(Thread.ofPlatform().name("sedd-lane-" + number).unstarted(lane));
    }
    lanes = List.copyOf(made);
    return unstarted;
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
    end(limit, true);
  }

  @Override
  public void giveUp() throws InterruptedException {
    end(Duration.ZERO, false);
  }

  private synchronized void end(Duration limit, boolean forgive) throws InterruptedException {
    threads.end(() -> lanes.forEach(lane -> lane.stop(limit, forgive)));
    if (publisher != null) {
      publisher.close();
      loneStarts.close();
    }
  }
}
