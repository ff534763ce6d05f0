package io.sedd.worker.page;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.telemetry.JobWatch;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How jobs ended: how many, and the last of them. Those that came from the page are kept longer, so
 * that a thousand others do not take their results from who waits for them. Thread-safe; no call
 * waits for more than another call.
 */
final class EndedJobs implements JobWatch {

  static final int KEPT = 12;
  private static final int KEPT_OF_THE_PAGE = 32;

  private final boolean texts;
  private final Notices notices;
  private final Clock clock;

  // guarded by this
  private final Deque<EndedJob> last = new ArrayDeque<>();
  private final Deque<EndedJob> ofThePage = new ArrayDeque<>();
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private long ended;
  private long deadLetters;

  /**
   * @param texts whether ids, texts and messages may be kept
   */
  EndedJobs(boolean texts, Notices notices, Clock clock) {
    this.texts = texts;
    this.notices = notices;
    this.clock = clock;
    for (GenerationResult.Outcome outcome : GenerationResult.Outcome.values()) {
      counts.put(outcome.wireName(), 0L);
    }
  }

  @Override
  public void settled(RecordPosition position, Settlement settlement) {
    switch (settlement) {
      case Settlement.Ended(GenerationResult result, _) -> add(result, false);
      case Settlement.Refused(JobError error, Optional<GenerationResult> result) -> {
        deadLetter(position, error, result);
        result.ifPresent(failed -> add(failed, true));
      }
      case Settlement.SentAgain _ -> {}
    }
  }

  private void deadLetter(
      RecordPosition position, JobError error, Optional<GenerationResult> result) {
    synchronized (this) {
      deadLetters++;
    }
    String whose = texts ? result.map(failed -> failed.jobId() + ", ").orElse("") : "";
    String why = texts ? ": " + error.message() : "";
    notices.add(
        Notice.Kind.DEAD_LETTER,
        "Dead letter (%srecord %d@%d), %s%s"
            .formatted(
                whose, position.partition(), position.offset(), error.code().wireName(), why));
  }

  private synchronized void add(GenerationResult result, boolean deadLetter) {
    counts.merge(result.outcome().wireName(), 1L, Long::sum);
    EndedJob job = EndedJob.of(++ended, clock.instant(), deadLetter, result, texts);
    boolean fromThePage = PageJobs.isFromThePage(result.jobId());
    Deque<EndedJob> home = fromThePage ? ofThePage : last;
    home.add(job);
    if (home.size() > (fromThePage ? KEPT_OF_THE_PAGE : KEPT)) {
      home.remove();
    }
  }

  /** Those with a higher number that are still kept, the oldest first. */
  synchronized List<EndedJob> after(long number) {
    return Stream.concat(last.stream(), ofThePage.stream())
        .filter(job -> job.number() > number)
        .sorted(Comparator.comparingLong(EndedJob::number))
        .toList();
  }

  /** All jobs that have ended so far. */
  synchronized long ended() {
    return ended;
  }

  /** By outcome, and dead letters. */
  synchronized JsonObject counts() {
    JsonObject json = new JsonObject();
    counts.forEach(json::put);
    return json.put("deadLetters", deadLetters);
  }
}
