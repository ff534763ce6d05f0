package io.sedd.worker.intake;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.SettlementCounts;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.publishing.TransactionalPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what has ended and what is about to start, in one transaction a turn. Owned by the
 * intake's thread.
 *
 * <p>All offset commits go through the one transactional producer. A second path, such as a plain
 * commit of the starts, could overwrite progress that a transaction with an unknown outcome made.
 */
final class Settler {

  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  /**
   * What one transaction takes at most. After an outage thousands of results may wait, and all at
   * once they would not be sent within a transaction's time, now or ever.
   */
  private static final int MOST_RESULTS = 1000;

  private static final long MOST_BYTES = 16 << 20;

  /** Pause between tries while the broker cannot commit; polling goes on in between. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final TransactionalPublisher publisher;
  private final Leases leases;
  private final SettlementRecords records;
  private final WorkerMetrics metrics;
  private final BlockingQueue<Settled> settlements;
  private final JobSink sink;
  private final Starts starts;
  private final SettlementCounts counts;
  private final Fencings fencings = new Fencings();

  /** Ended, and not known to be committed. */
  private final List<Settled> ended = new ArrayList<>();

  private Optional<String> trouble = Optional.of("the producers are not open yet");
  private long nextTry = System.nanoTime();

  Settler(
      Consumer<byte[], byte[]> consumer,
      TransactionalPublisher publisher,
      Leases leases,
      SettlementRecords records,
      WorkerMetrics metrics,
      JobSink sink,
      BlockingQueue<Settled> settlements) {
    this.consumer = consumer;
    this.publisher = publisher;
    this.leases = leases;
    this.records = records;
    this.metrics = metrics;
    this.settlements = settlements;
    this.sink = sink;
    this.starts = new Starts(leases, sink);
    this.counts = new SettlementCounts(metrics);
  }

  /** What the last transaction failed of, until one succeeds. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Whether a call of {@link #settle} would have something to do at once. */
  boolean hasWork() {
    return trouble.isEmpty() && (!ended.isEmpty() || !settlements.isEmpty());
  }

  /** Waits until something has ended, at most so long; {@link #settle} looks after it. */
  void await(Duration limit) throws InterruptedException {
    Settled next = settlements.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (next != null) {
      add(next);
    }
  }

  void add(Settled settled) {
    Optional<HeldRecord> held = held(settled.position());
    if (held.isEmpty()) {
      metrics.count(Metric.JOBS_WITHDRAWN);
    } else if (!held.get().isSettled()) {
      held.get().settle();
      ended.add(settled);
    }
  }

  private Optional<HeldRecord> held(RecordPosition position) {
    return leases.of(position).map(lease -> lease.held(position.offset()));
  }

  /** One turn: everything that ended since the last one, and the next starts. */
  void settle() {
    drain();
    forgetForeign();
    if (!ready()) {
      return;
    }
    starts.claim();
    // what ended since belongs before the start of a job that may end this process
    drain();
    CommitPlan plan = new CommitPlan(consumer::position);
    List<Settled> settled = settle(plan);
    if (!settled.isEmpty() || starts.due()) {
      starts.mark(plan);
    }
    if (!plan.isEmpty() && commit(plan, settled)) {
      starts.marked();
    }
  }

  /**
   * Has the jobs of some leases withdrawn that do not run, waits for the others and commits what
   * has ended.
   *
   * @param forgive whether the starts of the jobs that still run are taken back: they did not end
   *     their worker
   */
  void finish(List<PartitionLease> leaving, Duration limit, boolean forgive) {
    starts.leave(leaving);
    long end = System.nanoTime() + limit.toNanos();
    awaitEnds(leaving, end);
    drain();
    forgetForeign();
    while (true) {
      while (!ready() && end - System.nanoTime() > 0) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      if (trouble.isPresent()) {
        log.warn("{} results cannot be committed before their partitions leave", ended.size());
        return;
      }
      CommitPlan plan = new CommitPlan(consumer::position);
      List<Settled> settled = settle(plan);
      for (PartitionLease lease : leaving) {
        for (HeldRecord held : lease.allHeld()) {
          if (held.running()) {
            int count = forgive ? held.startsBefore() : held.attempt();
            plan.started(lease, held.record().offset(), count);
          }
        }
      }
      if (plan.isEmpty() || (commit(plan, settled) && ended.isEmpty())) {
        return;
      }
    }
  }

  private void awaitEnds(List<PartitionLease> leaving, long end) {
    try {
      withdraw(leaving);
      while (leaving.stream().anyMatch(PartitionLease::hasRunning)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        Settled next = settlements.poll(Math.min(left, PAUSE.toNanos()), TimeUnit.NANOSECONDS);
        if (next != null) {
          add(next);
        }
        // one that fails meanwhile waits for a start that does not come
        withdraw(leaving);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void withdraw(List<PartitionLease> leaving) {
    for (RecordPosition position :
        sink.withdraw(at -> leaving.stream().anyMatch(lease -> lease.holds(at)))) {
      held(position).ifPresent(HeldRecord::withdraw);
    }
  }

  private void drain() {
    for (Settled next = settlements.poll(); next != null; next = settlements.poll()) {
      add(next);
    }
  }

  private void forgetForeign() {
    int before = ended.size();
    ended.removeIf(settled -> leases.of(settled.position()).isEmpty());
    metrics.add(Metric.JOBS_WITHDRAWN, before - ended.size());
    starts.forgetForeign();
  }

  /** Plans as many ends as one transaction takes; gives those. */
  private List<Settled> settle(CommitPlan plan) {
    List<Settled> planned = new ArrayList<>();
    long bytes = 0;
    for (Settled settled : ended) {
      if (planned.size() == MOST_RESULTS || bytes > MOST_BYTES) {
        break;
      }
      PartitionLease lease = leases.of(settled.position()).orElseThrow();
      long offset = settled.position().offset();
      HeldRecord held = lease.held(offset);
      List<ProducerRecord<byte[], byte[]>> published =
          records.of(held.record(), held.attempt(), settled.settlement());
      plan.finish(lease, offset, published);
      planned.add(settled);
      for (ProducerRecord<byte[], byte[]> record : published) {
        bytes += record.value() == null ? 0 : record.value().length;
      }
    }
    return planned;
  }

  /** Whether the broker has it now. Where that is not known the results are kept. */
  private boolean commit(CommitPlan plan, List<Settled> settled) {
    long begin = System.nanoTime();
    try {
      publisher.commit(plan.records(), plan.offsets(), consumer.groupMetadata());
    } catch (KafkaException e) {
      failed("transaction failed, its outcome is unknown", e);
      return false;
    }
    metrics.observeNanos(Metric.COMMIT_SECONDS, System.nanoTime() - begin);
    plan.done();
    settled.forEach(one -> counts.count(one.settlement()));
    ended.subList(0, settled.size()).clear();
    return true;
  }

  /**
   * Whether a transaction can be begun: at first the producers must be opened, after a failure its
   * outcome must be found out.
   */
  boolean ready() {
    if (trouble.isEmpty()) {
      return true;
    }
    if (System.nanoTime() - nextTry < 0) {
      return false;
    }
    try {
      publisher.reopen();
      dropWhatTheBrokerHas();
      trouble = Optional.empty();
      return true;
    } catch (KafkaException e) {
      failed("the transaction coordinator cannot be reached", e);
      return false;
    }
  }

  private void dropWhatTheBrokerHas() {
    if (ended.isEmpty()) {
      return;
    }
    Set<TopicPartition> concerned = new HashSet<>();
    ended.forEach(s -> leases.of(s.position()).ifPresent(l -> concerned.add(l.partition())));
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(concerned);
    List<Settled> known = new ArrayList<>();
    for (Settled settled : ended) {
      PartitionLease lease = leases.of(settled.position()).orElseThrow();
      OffsetAndMetadata commit = committed.get(lease.partition());
      long offset = settled.position().offset();
      if (commit != null
          && new OffsetTracker(commit.offset(), commit.metadata()).isFinished(offset)) {
        OffsetTracker next = lease.tracker().copy();
        next.finish(List.of(offset));
        lease.committed(next);
        counts.count(settled.settlement());
        known.add(settled);
      }
    }
    ended.removeAll(known);
    log.info(
        "of the last transaction the broker has {} results, {} are sent again",
        known.size(),
        ended.size());
  }

  private void failed(String what, KafkaException e) {
    FatalFaults.rethrow(e);
    fencings.note(e);
    metrics.count(Metric.COMMIT_FAILURES);
    Optional<String> now = Optional.of(what + ": " + FatalFaults.explain(e));
    if (!now.equals(trouble)) {
      log.warn("{}; results are kept and tried again: {}", what, FatalFaults.explain(e), e);
    }
    trouble = now;
    nextTry = System.nanoTime() + PAUSE.toNanos();
  }
}
