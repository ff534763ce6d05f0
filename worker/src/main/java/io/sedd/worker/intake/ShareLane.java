package io.sedd.worker.intake;

import io.sedd.worker.intake.LanePublishing.Outgoing;
import io.sedd.worker.intake.SourceState.Phase;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a share group and the thread that owns it: fetch a batch, hand it on, publish and
 * acknowledge what ends, renew the locks of the rest, until the batch is empty; then the next.
 */
final class ShareLane implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(ShareLane.class);

  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  /** New starts and expired jobs are looked for this often. */
  private static final Duration TICK = Duration.ofMillis(10);

  /** A lane that has nothing looks more often whether there is room: the device waits for it. */
  private static final Duration SHORT_TICK = Duration.ofMillis(1);

  private static final int DEFAULT_LOCK_MILLIS = 30_000;

  private final int number;
  private final ShareGroupSettings settings;
  private final SourceParts parts;
  private final LaneAdmission admission;
  private final LanePublishing publishing;
  private final WorkerMetrics metrics;
  private final JobSink sink;
  private final LaneStarts starts;

  /** From any thread to the lane's; bounded by the batch. */
  private final BlockingQueue<Settled> settlements = new LinkedBlockingQueue<>();

  private final Map<RecordPosition, HeldRecord> held = new LinkedHashMap<>();

  /** In hand, and not handed on. */
  private final Queue<RecordPosition> arrived = new ArrayDeque<>();

  /** Why what has arrived cannot be handed on, while it cannot. */
  private Optional<String> unjudged = Optional.empty();

  /** Settled, and not known to be published. */
  private final List<Settled> ended = new ArrayList<>();

  private LaneAcknowledgement acknowledgement;
  private long generation;
  private long locked;
  private volatile SourceState state = new SourceState(Phase.RUNNING, "joining the share group");
  private volatile boolean forgive = true;
  private volatile Duration stopWithin;

  ShareLane(
      int number,
      ShareGroupSettings settings,
      SourceParts parts,
      LaneAdmission admission,
      LanePublishing publishing,
      JobSink sink,
      LaneStarts starts) {
    this.number = number;
    this.settings = settings;
    this.parts = parts;
    this.admission = admission;
    this.publishing = publishing;
    this.metrics = parts.metrics();
    this.sink = sink;
    this.starts = starts;
  }

  /** The lane that a position belongs to: leases are numbered so that this is their remainder. */
  static int numberOf(RecordPosition position, int lanes) {
    return (int) (position.lease() % lanes);
  }

  SourceState state() {
    return state;
  }

  void settle(Settled settled) {
    settlements.add(settled);
  }

  void stop(Duration limit, boolean forgiving) {
    forgive = forgiving;
    stopWithin = limit;
  }

  @Override
  public void run() {
    try (ShareConsumer<byte[], byte[]> owned = parts.clients().shareConsumer(number)) {
      acknowledgement = new LaneAcknowledgement(owned, metrics);
      owned.subscribe(List.of(settings.topic()));
      while (stopWithin == null) {
        turn(owned);
      }
      giveBack(owned, stopWithin);
      state = new SourceState(Phase.STOPPED, "stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state = new SourceState(Phase.STOPPED, "interrupted");
    } catch (RuntimeException | Error e) {
      state = new SourceState(Phase.FAILED, FatalFaults.explain(e));
      log.error("lane {} ends: {}", number, state.detail(), e);
      starts.abandon(held::containsKey);
      parts.onFailure().accept(e);
    }
  }

  private void turn(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    if (!held.isEmpty()) {
      work(consumer);
    } else if (!sink.hungry()) {
      // what is held and not run is suspected for nothing if this worker dies
      LockSupport.parkNanos(SHORT_TICK.toNanos());
    } else {
      ConsumerRecords<byte[], byte[]> fetched = consumer.poll(IDLE_POLL);
      locked = System.nanoTime();
      generation++;
      fetched.forEach(this::take);
      admit();
    }
    starts.startNext();
    state =
        publishing
            .trouble()
            .or(() -> unjudged)
            .or(starts::trouble)
            .map(why -> new SourceState(Phase.TROUBLED, why))
            .orElseGet(() -> new SourceState(Phase.RUNNING, "takes jobs of the share group"));
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    RecordPosition position =
        new RecordPosition(
            record.partition(), record.offset(), generation * settings.lanes() + number);
    held.put(position, new HeldRecord(record, 1));
    arrived.add(position);
  }

  /** Hands on what has come; about a suspect the broker has to be asked. */
  private void admit() {
    while (!arrived.isEmpty()) {
      RecordPosition position = arrived.peek();
      // its lock may be lost by now
      if (held.containsKey(position) && !admit(position, held.get(position).record())) {
        return;
      }
      arrived.remove();
    }
    unjudged = Optional.empty();
  }

  private boolean admit(RecordPosition position, ConsumerRecord<byte[], byte[]> record) {
    try {
      switch (admission.of(position, record)) {
        case LaneAdmission.Verdict.Ends(int attempt, var settlement) -> {
          held.put(position, new HeldRecord(record, attempt));
          parts.told().settle(position, settlement);
          end(new Settled(position, settlement));
        }
        case LaneAdmission.Verdict.Waits(Delivery delivery) -> {
          held.put(position, new HeldRecord(record, delivery.attempt()));
          sink.accept(delivery);
        }
      }
      return true;
    } catch (KafkaException e) {
      FatalFaults.rethrow(e);
      String why = "the broker does not say how often a job was started: " + e;
      if (unjudged.isEmpty()) {
        log.warn("{}; the job waits", why);
      }
      unjudged = Optional.of(why);
      return false;
    }
  }

  /** Publishes and acknowledges what has ended; renews the locks of the rest in time. */
  private void work(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    admit();
    if (ended.isEmpty()) {
      Settled first = settlements.poll(TICK.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        end(first);
      }
    } else if (publishing.trouble().isPresent()) {
      LockSupport.parkNanos(TICK.toNanos());
    }
    for (Settled next = settlements.poll(); next != null; next = settlements.poll()) {
      end(next);
    }
    // before the publishing, which takes some milliseconds: the batch has room now
    starts.startNext();
    publish();
    int lockMillis = consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS);
    if (!held.isEmpty()
        && System.nanoTime() - locked > TimeUnit.MILLISECONDS.toNanos(lockMillis) / 3) {
      renew(consumer);
    }
  }

  private void end(Settled settled) {
    starts.ended(settled.position());
    HeldRecord record = held.get(settled.position());
    if (record == null) {
      metrics.count(Metric.JOBS_WITHDRAWN);
    } else if (!record.isSettled()) {
      record.settle();
      ended.add(settled);
    }
  }

  private void publish() throws InterruptedException {
    if (ended.isEmpty()) {
      return;
    }
    List<Outgoing> outgoing =
        ended.stream().map(one -> new Outgoing(held.get(one.position()), one)).toList();
    if (publishing.publish(outgoing)) {
      ended.clear();
      outgoing.forEach(one -> held.remove(one.settled().position()));
      acknowledgement.send(
          outgoing.stream().map(one -> one.held().record()).toList(), AcknowledgeType.ACCEPT);
      outgoing.forEach(one -> starts.settled(one.settled().position()));
    }
  }

  /**
   * Renewing is one acknowledgement of all that is held, sent at once, and one poll, which gives
   * back those records and no others. What it does not give back is another worker's by now.
   */
  private void renew(ShareConsumer<byte[], byte[]> consumer) {
    acknowledgement.send(
        held.values().stream().map(HeldRecord::record).toList(), AcknowledgeType.RENEW);
    locked = System.nanoTime();
    Map<RecordKey, ConsumerRecord<byte[], byte[]>> returned = new LinkedHashMap<>();
    consumer.poll(IDLE_POLL.multipliedBy(5)).forEach(r -> returned.put(RecordKey.of(r), r));
    List<RecordPosition> lost = new ArrayList<>();
    held.forEach(
        (position, record) -> {
          ConsumerRecord<byte[], byte[]> renewed = returned.remove(RecordKey.of(record.record()));
          if (renewed == null) {
            lost.add(position);
          } else {
            record.renew(renewed);
          }
        });
    if (!lost.isEmpty()) {
      log.warn("the locks of {} jobs are lost: they go to another worker", lost.size());
      drop(Set.copyOf(lost));
    }
    generation++;
    returned.values().forEach(this::take);
  }

  private void drop(Set<RecordPosition> lost) {
    metrics.add(
        Metric.JOBS_WITHDRAWN,
        (double) ended.stream().filter(s -> lost.contains(s.position())).count());
    starts.abandon(lost::contains);
    lost.forEach(held::remove);
    ended.removeIf(settled -> lost.contains(settled.position()));
  }

  /** An orderly end: what runs may finish, the rest is released at once. */
  private void giveBack(ShareConsumer<byte[], byte[]> consumer, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    releaseWaiting();
    while (!held.isEmpty() && (System.nanoTime() - end < 0 || hasNews())) {
      work(consumer);
      releaseWaiting();
      if (publishing.trouble().isPresent() && System.nanoTime() - end >= 0) {
        break;
      }
    }
    if (forgive) {
      starts.forgive(held::containsKey);
    }
    starts.abandon(held::containsKey);
    ended.clear();
    release(_ -> true);
  }

  /** What does not run: another worker has it at once. */
  private void releaseWaiting() {
    starts.withdraw(held::containsKey);
    release(position -> !starts.runs(position) && !held.get(position).isSettled());
  }

  private boolean hasNews() {
    return !settlements.isEmpty() || !ended.isEmpty();
  }

  private void release(java.util.function.Predicate<RecordPosition> which) {
    List<RecordPosition> released = held.keySet().stream().filter(which).toList();
    acknowledgement.send(
        released.stream().map(position -> held.get(position).record()).toList(),
        AcknowledgeType.RELEASE);
    released.forEach(held::remove);
  }

  private record RecordKey(int partition, long offset) {
    static RecordKey of(ConsumerRecord<byte[], byte[]> record) {
      return new RecordKey(record.partition(), record.offset());
    }
  }
}
