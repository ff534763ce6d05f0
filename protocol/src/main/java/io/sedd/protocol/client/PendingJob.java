package io.sedd.protocol.client;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A job without an answer. Its future may be completed by anybody; the dead letter belongs to the
 * reading thread.
 */
final class PendingJob {

  private final String id;
  private final long deadline;
  private final CompletableFuture<GenerationResult> future = new CompletableFuture<>();
  private Optional<JobError> deadLetter = Optional.empty();
  private long graceEnd;

  /**
   * A job.
   *
   * @param deadline on the client's clock, nanoseconds
   */
  PendingJob(String id, long deadline) {
    this.id = id;
    this.deadline = deadline;
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
   * What follows in the caller's program runs on a thread of its own, so that it may send the next
   * job and wait for room there.
   */
  void answer(GenerationResult result) {
    Thread.startVirtualThread(() -> future.complete(result));
  }

  /** The same for a job that has no result. */
  void fail(SeddClientException why) {
    Thread.startVirtualThread(() -> future.completeExceptionally(why));
  }
}
