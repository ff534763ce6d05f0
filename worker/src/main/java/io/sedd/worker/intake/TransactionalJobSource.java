package io.sedd.worker.intake;

import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

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

  private final KafkaClients clients;
  private final IntakeSettings settings;
  private final JobReader reader;
  private final SettlementRecords records;
  private final WorkerMetrics metrics;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;
  private volatile IntakeLoop loop;
  private Thread thread;
  private boolean stopped;

  /**
   * A source that is not started.
   *
   * @param onFailure told once, on the intake's thread, of a fault that ends the source
   */
  public TransactionalJobSource(
      KafkaClients clients,
      IntakeSettings settings,
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
    if (thread != null) {
      throw new IllegalStateException("this source was started before");
    }
    if (stopped) {
      return;
    }
    loop =
        new IntakeLoop(
            clients, settings, reader, records, metrics, clock, sink, settlements, onFailure);
    thread = Thread.ofPlatform().name("sedd-intake").start(loop);
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
    end(limit, true);
  }

  @Override
  public void giveUp() throws InterruptedException {
    end(Duration.ZERO, false);
  }

  private synchronized void end(Duration limit, boolean forgive) throws InterruptedException {
    stopped = true;
    if (thread != null) {
      loop.stop(limit, forgive);
      thread.join();
    }
  }
}
