package io.sedd.worker.intake;

import io.sedd.worker.publishing.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Exactly-once delivery by a consumer group and transactions: results, dead letters and offsets
 * become visible together or not at all.
 *
 * <ul>
 *   <li>One thread owns the Kafka clients ({@link IntakeLoop}); others hand settlements over by a
 *       queue.
 *   <li>Jobs may finish in any order ({@link OffsetTracker}).
 *   <li>A job whose process died more than once while it ran is run alone, and after {@link
 *       IntakeSettings#maxAttempts} starts becomes a dead letter.
 *   <li>Results are kept, never computed again, while the broker is away.
 * </ul>
 *
 * <p>Readers of the results must use {@code isolation.level=read_committed}.
 */
public final class TransactionalJobSource implements JobSource {

  /** From any thread to the intake's; unbounded, since the scheduler bounds the jobs in hand. */
  private final BlockingQueue<Settled> settlements = new LinkedBlockingQueue<>();

  private final SourceParts parts;
  private final IntakeSettings settings;
  private final SourceThreads threads = new SourceThreads();
  private volatile IntakeLoop loop;

  /** A source that is not started. */
  public TransactionalJobSource(SourceParts parts, IntakeSettings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  @Override
  public void start(JobSink sink) {
    threads.start(
        () -> {
          loop = new IntakeLoop(parts, settings, sink, settlements);
          return List.of(Thread.ofPlatform().name("sedd-intake").unstarted(loop));
        });
  }

  @Override
  public void settle(RecordPosition position, Settlement settlement) {
    settlements.add(new Settled(position, settlement));
  }

  @Override
  public SourceState state() {
    IntakeLoop present = loop;
    return present == null
        ? new SourceState(SourceState.Phase.IDLE, "waits for the first checkpoint")
        : present.state();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    threads.end(() -> loop.stop(limit, true));
  }

  @Override
  public void giveUp() throws InterruptedException {
    threads.end(() -> loop.stop(Duration.ZERO, false));
  }
}
