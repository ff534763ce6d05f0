package io.sedd.worker.intake;

import io.sedd.protocol.job.JobError;
import io.sedd.worker.intake.SourceState.Phase;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.TraceContext;
import io.sedd.worker.publishing.TransactionalPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the consumer and the transactional producer: fetch, hand on, settle, for
 * ever.
 *
 * <p>It goes on polling while it fetches nothing, so that the group keeps a member whose jobs take
 * longer than any poll interval.
 */
final class IntakeLoop implements Runnable, ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);

  /**
   * New records are looked for this often while jobs run: a blocked poll cannot be told of a job
   * that has ended, so the waiting is done on the settlements.
   */
  private static final Duration BUSY_WAIT = Duration.ofMillis(5);

  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  /** Between two tries to begin while the broker is away. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final SourceParts parts;
  private final IntakeSettings settings;
  private final WorkerMetrics metrics;
  private final JobSink sink;
  private final BlockingQueue<Settled> settlements;
  private final InHand inHand = new InHand();
  private final Leases leases = new Leases();

  private Consumer<byte[], byte[]> consumer;
  private Settler settler;
  private Grants grants;
  private volatile SourceState state = new SourceState(Phase.RUNNING, "joining the group");
  private volatile boolean forgive = true;
  private volatile Duration stopWithin;

  IntakeLoop(
      SourceParts parts,
      IntakeSettings settings,
      JobSink sink,
      BlockingQueue<Settled> settlements) {
    this.parts = parts;
    this.settings = settings;
    this.metrics = parts.metrics();
    this.sink = sink;
    this.settlements = settlements;
  }

  SourceState state() {
    return state;
  }

  void stop(Duration limit, boolean forgiving) {
    forgive = forgiving;
    stopWithin = limit;
  }

  @Override
  public void run() {
    try (TransactionalPublisher publisher =
            new TransactionalPublisher(parts.clients()::transactionalProducer);
        Consumer<byte[], byte[]> owned = parts.clients().groupConsumer()) {
      consumer = owned;
      settler = new Settler(owned, publisher, leases, parts.records(), metrics, sink, settlements);
      grants = new Grants(owned, leases);
      try {
        // before the group's offsets are asked for: what a predecessor of the same name left open
        // hides them
        while (stopWithin == null && !settler.ready()) {
          state = new SourceState(Phase.TROUBLED, settler.trouble().orElseThrow());
          settler.await(PAUSE);
        }
        owned.subscribe(List.of(settings.topic()), this);
        while (stopWithin == null) {
          turn();
        }
        giveBack(leases.all(), stopWithin, forgive);
      } finally {
        // closing the consumer asks the partitions back once more: there is nothing left to give
        leases.end(leases.all());
      }
      state = new SourceState(Phase.STOPPED, "stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state = new SourceState(Phase.STOPPED, "interrupted");
    } catch (RuntimeException | Error e) {
      state = new SourceState(Phase.FAILED, FatalFaults.explain(e));
      log.error("the intake ends: {}", state.detail(), e);
      sink.abandon(_ -> true);
      parts.onFailure().accept(e);
    }
  }

  private void turn() throws InterruptedException {
    regulate();
    boolean idle = leases.all().stream().allMatch(lease -> lease.allHeld().isEmpty());
    if (!idle && !settler.hasWork()) {
      settler.await(BUSY_WAIT);
    }
    grants.begin();
    ConsumerRecords<byte[], byte[]> fetched = consumer.poll(idle ? IDLE_POLL : Duration.ZERO);
    for (TopicPartition partition : fetched.partitions()) {
      leases.of(partition).ifPresent(lease -> take(lease, fetched.records(partition)));
    }
    settler.settle();
    state =
        settler
            .trouble()
            .or(grants::trouble)
            .map(why -> new SourceState(Phase.TROUBLED, why))
            .orElseGet(
                () ->
                    new SourceState(
                        Phase.RUNNING, leases.all().size() + " partitions of the jobs topic"));
  }

  /** Fetches only where there is room; polling goes on in any case. */
  private void regulate() {
    boolean full = sink.full() || inHand.full(leases.all());
    Set<TopicPartition> paused = new HashSet<>();
    Set<TopicPartition> open = new HashSet<>();
    for (PartitionLease lease : leases.all()) {
      (full || lease.waitsForWindow() ? paused : open).add(lease.partition());
    }
    metrics.set(Metric.PARTITIONS_PAUSED, paused.size());
    metrics.set(Metric.PARTITIONS_OWNED, paused.size() + open.size());
    open.retainAll(consumer.paused());
    paused.removeAll(consumer.paused());
    if (!open.isEmpty()) {
      consumer.resume(open);
    }
    if (!paused.isEmpty()) {
      consumer.pause(paused);
    }
  }

  private void take(PartitionLease lease, List<ConsumerRecord<byte[], byte[]>> fetched) {
    for (ConsumerRecord<byte[], byte[]> record : fetched) {
      if (!lease.tracker().reaches(record.offset())) {
        consumer.seek(lease.partition(), record.offset());
        lease.leave(record.offset());
        return;
      }
      if (sink.full()) {
        // the rest of a poll stays on the broker too: 500 long jobs are more than one worker's
        // share
        consumer.seek(lease.partition(), record.offset());
        return;
      }
      HeldRecord held = lease.hold(record);
      if (held != null) {
        admit(lease.position(record.offset()), held);
      }
    }
  }

  private void admit(RecordPosition position, HeldRecord held) {
    switch (parts.reader().read(held.record().value())) {
      case JobReader.Reading.Invalid(var refusal) -> refuse(position, refusal);
      case JobReader.Reading.Valid(var job, int length) -> {
        if (held.attempt() > settings.maxAttempts()) {
          JobError error =
              new JobError(
                  JobError.Code.INTERNAL,
                  "the job was started %d times and its worker ended each time before it did"
                      .formatted(held.startsBefore()),
                  "$");
          refuse(position, parts.reader().refusal(job, error));
        } else {
          sink.accept(
              new Delivery(
                  position,
                  job,
                  length,
                  held.attempt(),
                  held.attempt() > Delivery.STARTS_IN_COMPANY,
                  parts.clock().instant(),
                  Instant.ofEpochMilli(held.record().timestamp()),
                  TraceContext.of(held.record().headers())));
        }
      }
    }
  }

  private void refuse(RecordPosition position, Settlement.Refused refusal) {
    parts.told().settle(position, refusal);
    settler.add(new Settled(position, refusal));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    grants.add(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    grants.remove(partitions);
    giveBack(leases.of(partitions), settings.drainLimit(), true);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    grants.remove(partitions);
    List<PartitionLease> lost = leases.of(partitions);
    if (!lost.isEmpty()) {
      log.warn("lost the partitions {}: their jobs go to another worker", partitions);
      forget(lost);
    }
  }

  /** An orderly end of leases: what runs may finish, what has finished is settled. */
  private void giveBack(List<PartitionLease> leaving, Duration limit, boolean forgiving) {
    if (leaving.isEmpty()) {
      return;
    }
    settler.finish(leaving, limit, forgiving);
    forget(leaving);
    log.info("gave back {}", leaving.stream().map(PartitionLease::partition).toList());
  }

  private void forget(List<PartitionLease> ended) {
    sink.abandon(position -> ended.stream().anyMatch(lease -> lease.holds(position)));
    leases.end(ended);
  }
}
