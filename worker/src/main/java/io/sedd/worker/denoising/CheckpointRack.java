package io.sedd.worker.denoising;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoint that new jobs start on, a candidate that gets a share of them, and the older ones
 * that running jobs still need. Counts the jobs on each; frees one that gets no more jobs when its
 * last job has left. Owned by the denoising thread.
 */
@SuppressWarnings({
  "ReferenceEquality",
  "IdentityHashMapUsage"
}) // a checkpoint loaded twice is two, each with weights of its own
final class CheckpointRack implements AutoCloseable {

  private final Map<ServedCheckpoint, Integer> jobs = new IdentityHashMap<>();
  private ServedCheckpoint current;
  private ServedCheckpoint candidate;
  private CandidateShare share;

  /**
   * New jobs start on this one from now on; owns it. The candidate is promoted if this is it, and
   * dismissed if not.
   */
  void serve(ServedCheckpoint next) {
    ServedCheckpoint old = current;
    current = next;
    jobs.putIfAbsent(next, 0);
    dismiss();
    freeIfUnused(old);
  }

  /** Some of the new jobs start on this one from now on; owns it. */
  void tryOut(ServedCheckpoint next, CandidateShare share) {
    if (current == null) {
      throw new IllegalStateException("a candidate needs a checkpoint to be compared with");
    }
    if (next != candidate) {
      dismiss();
    }
    candidate = next;
    this.share = share;
    jobs.putIfAbsent(next, 0);
  }

  /** No new job starts on the candidate any more, if there is one. */
  void dismiss() {
    ServedCheckpoint old = candidate;
    candidate = null;
    freeIfUnused(old);
  }

  /** What new jobs start on, but for the candidate's share. */
  Optional<ServedCheckpoint> current() {
    return Optional.ofNullable(current);
  }

  /** A job begins, on the candidate or on the current checkpoint. */
  ServedCheckpoint enter(String jobId) {
    ServedCheckpoint chosen = candidate != null && share.takes(jobId) ? candidate : current;
    jobs.merge(chosen, 1, Integer::sum);
    return chosen;
  }

  /** A job has left its checkpoint. */
  void leave(ServedCheckpoint checkpoint) {
    jobs.merge(checkpoint, -1, Integer::sum);
    freeIfUnused(checkpoint);
  }

  /** Checkpoints whose weights are in memory. */
  int size() {
    return jobs.size();
  }

  private void freeIfUnused(ServedCheckpoint checkpoint) {
    if (checkpoint != null
        && checkpoint != current
        && checkpoint != candidate
        && jobs.get(checkpoint) == 0) {
      jobs.remove(checkpoint);
      checkpoint.weights().close();
    }
  }

  @Override
  public void close() {
    jobs.keySet().forEach(checkpoint -> checkpoint.weights().close());
    jobs.clear();
    current = null;
    candidate = null;
  }
}
