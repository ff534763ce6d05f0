package io.sedd.worker.denoising;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoint that new jobs start on, and the older ones that running jobs still need. Counts
 * the jobs on each; frees an older one when its last job has left. Owned by the denoising thread.
 */
final class CheckpointRack implements AutoCloseable {

  private final Map<ServedCheckpoint, Integer> jobs = new HashMap<>();
  private ServedCheckpoint current;

  /** New jobs start on this one from now on; owns it. */
  void serve(ServedCheckpoint next) {
    ServedCheckpoint old = current;
    current = next;
    jobs.put(next, 0);
    if (old != null) {
      freeIfUnused(old);
    }
  }

  /** What new jobs start on. */
  Optional<ServedCheckpoint> current() {
    return Optional.ofNullable(current);
  }

  /** A job begins on the current checkpoint. */
  ServedCheckpoint enter() {
    jobs.merge(current, 1, Integer::sum);
    return current;
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
    if (!checkpoint.equals(current) && jobs.get(checkpoint) == 0) {
      jobs.remove(checkpoint);
      checkpoint.weights().close();
    }
  }

  @Override
  public void close() {
    jobs.keySet().forEach(checkpoint -> checkpoint.weights().close());
    jobs.clear();
    current = null;
  }
}
