package io.sedd.protocol.client;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A job without an answer. Its future may be completed by anybody; the dead letter belongs to the
 * reading thread.
 */
final class PendingJob {

  private final String id;
  private final long deadline;
  private final Consumer<PendingJob> leaving;
  private final AtomicBoolean left = new AtomicBoolean();
  private final CompletableFuture<GenerationResult> future = new CompletableFuture<>();
  private Optional<JobError> deadLetter = Optional.empty();
  private long graceEnd;

  /**
   * A job.
   *
   * @param deadline on the client's clock, nanoseconds
   * @param leaving told once, before anything that hangs on the future runs; or after it, where the
   *     caller has completed the future himself
   */
  PendingJob(String id, long deadline, Consumer<PendingJob> leaving) {
    this.id = id;
    this.deadline = deadline;
    this.leaving = leaving;
    var _ = future.whenComplete((_, _) -> leave());
  }

  private void leave() {
    if (left.compareAndSet(false, true)) {
      leaving.accept(this);
    }
  }

  String id() {
    return id;
  }

  CompletableFuture<GenerationResult> future() {
    return future;
  }

  boolean overdue(long now) {
    return now - deadline >= 0;
  }

  /** Remembers that its record was put aside; a failed result may be just behind. */
  void deadLetter(JobError why, long until) {
    if (deadLetter.isEmpty()) {
      deadLetter = Optional.of(why);
      graceEnd = until;
    }
  }

  /** Why there will be no result, once that is sure. */
  Optional<JobError> givenUp(long now) {
    return deadLetter.filter(_ -> now - graceEnd >= 0);
  }

  /**
   * Gives the place back and then completes the future, on a thread of its own: what hangs on it in
   * the caller's program may send the next job and wait there.
   */
  void answer(GenerationResult result) {
    leave();
    Thread.startVirtualThread(() -> future.complete(result));
  }

  /** The same for a job that has no result. */
  void fail(SeddClientException why) {
    leave();
    Thread.startVirtualThread(() -> future.completeExceptionally(why));
  }
}
