package io.sedd.worker.scheduling;

import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.scheduling.ScheduledJob.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All jobs that are here, where each stands, and what they add up to. Whatever a job's stage,
 * {@link #leave} takes it out. Not thread-safe.
 */
final class JobBook {

  private final Duration ageing;
  private final WaitingJobs waiting;
  private final WaitingJobs waitingAlone;
  private final InFlightJobs inFlight = new InFlightJobs();
  private final Deque<ScheduledJob> ready = new ArrayDeque<>();
  private final JobsById byId = new JobsById();
  private long readyRows;
  private long bytes;
  private long arrivals;

  JobBook(Duration ageing) {
    this.ageing = ageing;
    this.waiting = new WaitingJobs(ageing);
    this.waitingAlone = new WaitingJobs(ageing);
  }

  /**
   * A job comes and waits.
   *
   * @param alone nothing else may run beside it
   * @param notBefore it may not be started earlier
   */
  ScheduledJob add(Delivery delivery, boolean alone, Instant notBefore, Instant now) {
    ScheduledJob job =
        new ScheduledJob(arrivals++, delivery, alone, notBefore, delivery.arrival().plus(ageing));
    home(job).add(job, now);
    byId.add(job);
    bytes += job.bytes();
    return job;
  }

  private WaitingJobs home(ScheduledJob job) {
    return job.alone() ? waitingAlone : waiting;
  }

  /** A waiting job that may not begin any more, if there is one. */
  Optional<ScheduledJob> expired(Instant now) {
    return waiting.expired(now).or(() -> waitingAlone.expired(now));
  }

  /**
   * Claims the next job, if one may start: nothing beside one that is alone, and no more than so
   * many rows ahead.
   */
  Optional<ScheduledJob> claimNext(Instant now, long startRows) {
    Optional<ScheduledJob> next;
    if (!waitingAlone.isEmpty()) {
      next = inFlight.isEmpty() ? waitingAlone.next(now) : Optional.empty();
    } else {
      boolean room = !inFlight.hasAlone() && inFlight.rows() < startRows;
      next = room ? waiting.next(now) : Optional.empty();
    }
    next.ifPresent(this::claim);
    return next;
  }

  private void claim(ScheduledJob job) {
    home(job).remove(job);
    job.enter(Stage.CLAIMED);
    inFlight.add(job);
  }

  Optional<ScheduledJob> claimed(RecordPosition position) {
    return inFlight.at(position).filter(job -> job.stage() == Stage.CLAIMED);
  }

  void makeReady(ScheduledJob job) {
    job.enter(Stage.READY);
    ready.add(job);
    readyRows += job.delivery().rows();
  }

  /** The first ready job; stays in. */
  Optional<ScheduledJob> ready() {
    return Optional.ofNullable(ready.peek());
  }

  /** A ready job runs on a device from now on. */
  void run(ScheduledJob job, DeviceFeed device) {
    noLongerReady(job);
    job.runOn(device);
    device.carries(job);
  }

  private void noLongerReady(ScheduledJob job) {
    if (ready.remove(job)) {
      readyRows -= job.delivery().rows();
    }
  }

  /** Token rows of the jobs that are ready. */
  long readyRows() {
    return readyRows;
  }

  /** The job is not here any more. */
  void leave(ScheduledJob job) {
    switch (job.stage()) {
      case WAITING -> home(job).remove(job);
      case READY -> {
        noLongerReady(job);
        inFlight.remove(job);
      }
      case CLAIMED -> inFlight.remove(job);
      case RUNNING -> {
        inFlight.remove(job);
        job.feed().carriesNoMore(job);
      }
      case ENDED -> {
        return;
      }
    }
    job.enter(Stage.ENDED);
    byId.remove(job);
    bytes -= job.bytes();
  }

  List<ScheduledJob> of(String jobId) {
    return byId.of(jobId);
  }

  /** The jobs that match, whatever their stage; looks at all. */
  List<ScheduledJob> matching(Predicate<ScheduledJob> wanted) {
    return Stream.of(
            waiting.matching(wanted), waitingAlone.matching(wanted), inFlight.matching(wanted))
        .flatMap(List::stream)
        .toList();
  }

  /** Whether the batch has room that no job may take now. */
  boolean hungry(long startRows) {
    return waiting.nothingDue()
        && waitingAlone.nothingDue()
        && !inFlight.hasAlone()
        && inFlight.rows() < startRows;
  }

  boolean isEmpty() {
    return waiting.isEmpty() && waitingAlone.isEmpty() && inFlight.isEmpty();
  }

  /** The waiting jobs that are first in the order, at most so many. */
  List<Delivery> nextWaiting(int most) {
    return Stream.of(waitingAlone, waiting)
        .flatMap(WaitingJobs::inOrder)
        .limit(most)
        .map(ScheduledJob::delivery)
        .toList();
  }

  int waiting() {
    return waiting.size() + waitingAlone.size();
  }

  int inFlight() {
    return inFlight.size();
  }

  /** Steps of all samples of the waiting jobs. */
  long waitingSteps() {
    return waiting.steps() + waitingAlone.steps();
  }

  /** Tokens times steps of the waiting jobs. */
  long waitingTokenSteps() {
    return waiting.tokenSteps() + waitingAlone.tokenSteps();
  }

  /** Tokens times steps of all jobs. */
  long tokenSteps() {
    return waitingTokenSteps() + inFlight.tokenSteps();
  }

  /** Memory that all jobs take. */
  long bytes() {
    return bytes;
  }
}
