package io.sedd.worker.intake;

import io.sedd.worker.kafka.LoneStarts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** A suspect that is claimed and not noted; one at most, for nothing is claimed beside it. */
  private Optional<Delivery> suspect = Optional.empty();

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
    List<Delivery> atOnce = new ArrayList<>();
    for (Delivery delivery : sink.claim()) {
      if (delivery.suspect()) {
        suspect = Optional.of(delivery);
      } else {
        atOnce.add(delivery);
      }
    }
    start(atOnce);
    if (suspect.isPresent() && (trouble.isEmpty() || System.nanoTime() - nextTry >= 0)) {
      startAlone(suspect.get());
    }
  }

  private void startAlone(Delivery delivery) {
    try {
      note(delivery, delivery.attempt());
      suspect = Optional.empty();
      trouble = Optional.empty();
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
    loneStarts.note(position.partition(), position.offset(), starts - Delivery.STARTS_IN_COMPANY);
  }

  private void start(List<Delivery> starting) {
    if (!starting.isEmpty()) {
      starting.forEach(delivery -> running.put(delivery.position(), delivery));
      sink.start(starting);
    }
  }

  /** Forgets jobs that do not run, one among them that failed and waits for its next start. */
  synchronized void withdraw(Predicate<RecordPosition> gone) {
    Set<RecordPosition> withdrawn = sink.withdraw(gone);
    dropSuspect(withdrawn::contains);
    withdrawn.forEach(running::remove);
  }

  /** Forgets jobs, running or not. */
  synchronized void abandon(Predicate<RecordPosition> gone) {
    sink.abandon(gone);
    dropSuspect(gone);
    running.keySet().removeIf(gone);
  }

  private void dropSuspect(Predicate<RecordPosition> gone) {
    suspect = suspect.filter(delivery -> !gone.test(delivery.position()));
    if (suspect.isEmpty()) {
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

  synchronized boolean runs(RecordPosition position) {
    return running.containsKey(position);
  }
}
