package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The batch, seen as jobs: which lanes wait for room, and which job a lane belongs to. Owned by the
 * denoising thread.
 */
final class JobBatch implements AutoCloseable {

  private final DenoisingBatch batch;
  private final Deque<Lane> waiting = new ArrayDeque<>();
  private final Map<Lane, RunningJob> jobOf = new HashMap<>();
  private final Set<RunningJob> jobs = new LinkedHashSet<>();

  JobBatch(DenoisingBatch batch) {
    this.batch = batch;
  }

  /** Takes a job in; its lanes join the batch as there is room, in the order of their coming. */
  void add(RunningJob job) {
    jobs.add(job);
    for (Lane lane : job.lanes()) {
      jobOf.put(lane, job);
      waiting.add(lane);
    }
    fill();
  }

  /** Lets waiting lanes join. */
  void fill() {
    while (!waiting.isEmpty() && batch.offer(waiting.peek())) {
      waiting.remove();
    }
  }

  /** Whether another job's lanes could join at once. */
  boolean hasRoom() {
    return waiting.isEmpty() && batch.freeRows() > 0;
  }

  /**
   * One step of every lane in the batch.
   *
   * @return the jobs of the lanes that ended with it
   */
  Set<RunningJob> step() {
    Set<RunningJob> concerned = new LinkedHashSet<>();
    for (Lane lane : batch.step()) {
      concerned.add(jobOf.get(lane));
    }
    return concerned;
  }

  /** Takes a job out, wherever its lanes are. */
  void remove(RunningJob job) {
    jobs.remove(job);
    for (Lane lane : job.lanes()) {
      jobOf.remove(lane);
      batch.remove(lane);
    }
    waiting.removeIf(lane -> !jobOf.containsKey(lane));
  }

  /** All jobs, in the order of their coming. */
  List<RunningJob> jobs() {
    return new ArrayList<>(jobs);
  }

  boolean isEmpty() {
    return jobs.isEmpty();
  }

  int rows() {
    return batch.rows();
  }

  int remaining() {
    return batch.lanes().stream().mapToInt(Lane::remaining).sum();
  }

  @Override
  public void close() {
    batch.close();
  }
}
