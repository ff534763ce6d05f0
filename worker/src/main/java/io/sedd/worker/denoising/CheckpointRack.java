package io.sedd.worker.denoising;

import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.GenerationResult;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoint that new jobs start on, a candidate that gets a share of them, and the older ones
 * that running jobs still need; one rack for all devices.
 *
 * <ul>
 *   <li>A change holds for every device at once: when one device has begun a job on a checkpoint,
 *       none begins another on the one before.
 *   <li>Running jobs end on the weights that they began with. A device's copy of what gets no more
 *       jobs is freed when that device's last job has left it, at once if it has none.
 *   <li>A device whose loop has ended has its copies freed, present and future ones, and no
 *       other's.
 * </ul>
 *
 * Thread-safe; weights are freed on the thread whose call ended their use, without the lock.
 */
@SuppressWarnings({
  "ReferenceEquality",
  "IdentityHashMapUsage"
}) // a checkpoint loaded twice is two, each with weights of its own
public final class CheckpointRack {

  private static final class Use {
    private final int[] jobs;
    private final boolean[] freed;

    Use(int devices) {
      jobs = new int[devices];
      freed = new boolean[devices];
    }

    boolean allFreed() {
      for (boolean one : freed) {
        if (!one) {
          return false;
        }
      }
      return true;
    }
  }

  // guarded by this
  private final Map<ServedCheckpoint, Use> uses = new IdentityHashMap<>();
  private final boolean[] closed;
  private ServedCheckpoint current;
  private ServedCheckpoint candidate;
  private CandidateShare share;

  private volatile JobObserver observer = (_, _) -> {};

  /** Nothing is served; for so many devices. */
  public CheckpointRack(int devices) {
    closed = new boolean[devices];
  }

  // --- for whoever loads checkpoints

  /**
   * New jobs start on this one from now on; owns it. The candidate is promoted if this is it, and
   * dismissed if not.
   */
  public void serve(ServedCheckpoint next) {
    List<DeviceCopy> unused;
    synchronized (this) {
      take(next);
      current = next;
      candidate = null;
      unused = unused();
    }
    free(unused);
  }

  /**
   * Some of the new jobs start on this one from now on; owns it. Any other candidate is dismissed.
   *
   * @throws IllegalStateException if no checkpoint is served yet
   */
  public void tryOut(ServedCheckpoint next, CandidateShare ofJobs) {
    List<DeviceCopy> unused;
    synchronized (this) {
      if (current == null) {
        throw new IllegalStateException("a candidate needs a checkpoint to be compared with");
      }
      take(next);
      candidate = next;
      share = ofJobs;
      unused = unused();
    }
    free(unused);
  }

  /** No new job starts on the candidate any more, if there is one. */
  public void dismiss() {
    List<DeviceCopy> unused;
    synchronized (this) {
      candidate = null;
      unused = unused();
    }
    free(unused);
  }

  /** Puts an observer of jobs that ran in the place of the former one. */
  public void observe(JobObserver next) {
    observer = next;
  }

  /** What new jobs start on, but for the candidate's share; empty before the first checkpoint. */
  public synchronized Optional<ServedCheckpoint> current() {
    return Optional.ofNullable(current);
  }

  /** The encoder of the checkpoint that is being served. */
  public TemplateEncoder encoder() {
    return current()
        .orElseThrow(() -> new IllegalStateException("no checkpoint is being served yet"))
        .encoder();
  }

  // --- for the denoising threads

  /** A job begins on a device, on the candidate or on the current checkpoint. */
  synchronized ServedCheckpoint enter(Device device, String jobId) {
    ServedCheckpoint chosen = candidate != null && share.takes(jobId) ? candidate : current;
    uses.get(chosen).jobs[device.index()]++;
    return chosen;
  }

  /** A job has left its checkpoint. */
  void leave(Device device, ServedCheckpoint checkpoint) {
    List<DeviceCopy> unused;
    synchronized (this) {
      uses.get(checkpoint).jobs[device.index()]--;
      unused = unused();
    }
    free(unused);
  }

  /** A job has run and ended. */
  void ran(ServedCheckpoint checkpoint, GenerationResult result) {
    observer.ended(checkpoint, result);
  }

  /** A device takes no step any more; its copies are freed, whatever jobs were on them. */
  void close(Device device) {
    List<DeviceCopy> unused;
    synchronized (this) {
      closed[device.index()] = true;
      unused = unused();
    }
    free(unused);
  }

  /** Checkpoints whose weights are in the memory of some device. */
  synchronized int size() {
    return uses.size();
  }

  // --- called with the lock held

  private void take(ServedCheckpoint next) {
    if (next.copies().size() != closed.length) {
      throw new IllegalArgumentException(
          "%d copies of checkpoint %s for %d devices"
              .formatted(next.copies().size(), next.name().name(), closed.length));
    }
    uses.computeIfAbsent(next, _ -> new Use(closed.length));
  }

  /** Takes out what nobody needs any more. */
  private List<DeviceCopy> unused() {
    List<DeviceCopy> unused = new ArrayList<>();
    for (Iterator<Map.Entry<ServedCheckpoint, Use>> i = uses.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<ServedCheckpoint, Use> entry = i.next();
      ServedCheckpoint checkpoint = entry.getKey();
      Use use = entry.getValue();
      boolean getsJobs = checkpoint == current || checkpoint == candidate;
      for (int d = 0; d < closed.length; d++) {
        if (!use.freed[d] && (closed[d] || (!getsJobs && use.jobs[d] == 0))) {
          use.freed[d] = true;
          unused.add(checkpoint.copies().get(d));
        }
      }
      if (!getsJobs && use.allFreed()) {
        i.remove();
      }
    }
    return unused;
  }

  // --- called without it

  private static void free(List<DeviceCopy> unused) {
    unused.forEach(copy -> copy.weights().close());
  }
}
