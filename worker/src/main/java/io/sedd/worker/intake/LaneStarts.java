package io.sedd.worker.intake;

import io.sedd.worker.kafka.LoneStarts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the jobs of all lanes of a share group. A suspect is started when the broker has noted
 * that it is; the others at once. Thread-safe; its lock keeps a job from being started by one lane
 * while another withdraws it.
 */
final class LaneStarts {

  private static final Logger log = LoggerFactory.getLogger(LaneStarts.class);

  /** Pause between tries while the broker does not note a start. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final JobSink sink;
  private final LoneStarts loneStarts;

  // guarded by this

  /** Started and not ended. */
  private final Map<RecordPosition, Delivery> running = new HashMap<>();

  /** To be started: when a lone job's end is known, or its own start is noted. */
  private final List<Delivery> claimed = new ArrayList<>();

  /**
   * Started alone, and the broker has not its result. Nothing starts until it has: what ended the
   * worker before would make it look as if this one had.
   */
  private Optional<RecordPosition> alone = Optional.empty();

  private Optional<String> trouble = Optional.empty();
  private long nextTry;

  LaneStarts(JobSink sink, LoneStarts loneStarts) {
    this.sink = sink;
    this.loneStarts = loneStarts;
  }

  /** Why a job that is to run alone cannot be started, while it cannot. */
  synchronized Optional<String> trouble() {
    return trouble;
  }

  /**
   * Starts whatever may be started now, of any lane.
   *
   * @throws KafkaException if the broker does not note a start and trying again would not help
   */
  synchronized void startNext() {
    claimed.addAll(sink.claim());
    if (claimed.isEmpty()) {
      return;
    }
    if (alone.isPresent()) {
      // it failed and is to start once more: that it runs alone is on record
      start(take(delivery -> alone.get().equals(delivery.position())));
      return;
    }
    start(take(delivery -> !delivery.suspect()));
    if (!claimed.isEmpty() && (trouble.isEmpty() || System.nanoTime() - nextTry >= 0)) {
      startAlone(claimed.getFirst());
    }
  }

  private List<Delivery> take(Predicate<Delivery> wanted) {
    List<Delivery> taken = claimed.stream().filter(wanted).toList();
    claimed.removeAll(taken);
    return taken;
  }

  private void startAlone(Delivery delivery) {
    try {
      note(delivery, delivery.attempt());
      trouble = Optional.empty();
      claimed.remove(delivery);
      alone = Optional.of(delivery.position());
      start(List.of(delivery));
    } catch (KafkaException e) {
      FatalFaults.rethrow(e);
      String why = "a start cannot be noted: " + FatalFaults.explain(e);
      if (trouble.isEmpty()) {
        log.warn("{}; the job waits", why, e);
      }
      trouble = Optional.of(why);
      nextTry = System.nanoTime() + PAUSE.toNanos();
    }
  }

  private void note(Delivery delivery, int starts) {
    RecordPosition position = delivery.position();
    loneStarts.note(position.partition(), position.offset(), starts);
  }

  private void start(List<Delivery> starting) {
    if (!starting.isEmpty()) {
      starting.forEach(delivery -> running.put(delivery.position(), delivery));
      sink.start(starting);
    }
  }

  /** Forgets jobs that do not run, one among them that failed and waits for its next start. */
  synchronized void withdraw(Predicate<RecordPosition> gone) {
    forget(sink.withdraw(gone)::contains);
  }

  /** Forgets jobs, running or not. */
  synchronized void abandon(Predicate<RecordPosition> gone) {
    sink.abandon(gone);
    forget(gone);
  }

  private void forget(Predicate<RecordPosition> gone) {
    running.keySet().removeIf(gone);
    claimed.removeIf(delivery -> gone.test(delivery.position()));
    alone = alone.filter(gone.negate());
    if (claimed.isEmpty()) {
      trouble = Optional.empty();
    }
  }

  /** Takes the last start of suspects that still run back: they have not ended this worker. */
  synchronized void forgive(Predicate<RecordPosition> which) {
    for (Delivery delivery : running.values()) {
      if (delivery.suspect() && which.test(delivery.position())) {
        try {
          note(delivery, delivery.attempt() - 1);
        } catch (KafkaException e) {
          log.warn("the start of a job that is given back stays counted: {}", e.toString());
        }
      }
    }
  }

  synchronized void ended(RecordPosition position) {
    running.remove(position);
  }

  /** The broker has a job's result and its acknowledgement. */
  synchronized void settled(RecordPosition position) {
    alone = alone.filter(one -> !one.equals(position));
  }

  synchronized boolean runs(RecordPosition position) {
    return running.containsKey(position);
  }
}
