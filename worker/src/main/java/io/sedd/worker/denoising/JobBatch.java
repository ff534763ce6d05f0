package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The batch, seen as jobs: which lanes wait for room, which job a lane belongs to, whose deadline
 * comes first. Owned by the denoising thread.
 */
final class JobBatch implements AutoCloseable {

  private final DenoisingBatch batch;
  private final StepCapacity capacity;
  private final DeviceProbe probe;
  private final DeviceMetrics metrics;
  private final Deque<Lane> waiting = new ArrayDeque<>();
  private final Map<Lane, RunningJob> jobOf = new HashMap<>();
  private final Map<ScheduledJob, RunningJob> jobs = new LinkedHashMap<>();
  private final TreeSet<RunningJob> byDeadline = new TreeSet<>(RunningJob.BY_DEADLINE);
  private final Set<RunningJob> reporting = new LinkedHashSet<>();

  JobBatch(Backend backend, int capacityRows, DeviceMetrics metrics) {
    this.batch = new DenoisingBatch(backend, capacityRows);
    this.capacity = new StepCapacity(capacityRows);
    this.probe = new DeviceProbe(backend);
    this.metrics = metrics;
  }

  /** Token rows that one evaluation may have at the very most. */
  int mostRows() {
    return capacity.most();
  }

  /** Token rows that one evaluation may have at present. */
  int rowsAtOnce() {
    return capacity.rows();
  }

  /** An evaluation has no more than so many rows from now on, unless one lane alone is longer. */
  void limitRows(int rows) {
    capacity.limit(rows);
  }

  /** Memory that the steps hold. */
  long workspaceBytes() {
    return batch.workspaceBytes();
  }

  /** Takes a job in; its lanes join the batch as there is room, in the order of their coming. */
  void add(RunningJob job) {
    jobs.put(job.scheduled(), job);
    if (job.hasDeadline()) {
      byDeadline.add(job);
    }
    if (job.job().progressEvery() > 0) {
      reporting.add(job);
    }
    for (Lane lane : job.lanes()) {
      jobOf.put(lane, job);
      waiting.add(lane);
    }
    fill();
  }

  /** Lets waiting lanes join. */
  void fill() {
    while (!waiting.isEmpty() && fits(waiting.peek()) && batch.offer(waiting.peek())) {
      waiting.remove();
    }
  }

  private boolean fits(Lane lane) {
    return batch.isEmpty() || batch.rows() + lane.length() <= capacity.rows();
  }

  /** Whether another job's lanes could join at once. */
  boolean hasRoom() {
    return waiting.isEmpty() && batch.rows() < capacity.rows();
  }

  /**
   * One step of every lane in the batch.
   *
   * @param beforeEach called before each evaluation of the network
   */
  StepOutcome step(Runnable beforeEach) {
    return new BisectingStep(batch, jobOf::get, capacity, probe, metrics, beforeEach)
        .take(batch.lanes());
  }

  /** The jobs of some lanes; each once. */
  Set<RunningJob> of(Collection<Lane> lanes) {
    Set<RunningJob> concerned = new LinkedHashSet<>();
    for (Lane lane : lanes) {
      RunningJob job = jobOf.get(lane);
      if (job != null) {
        concerned.add(job);
      }
    }
    return concerned;
  }

  /** The job, if it is here. */
  Optional<RunningJob> of(ScheduledJob job) {
    return Optional.ofNullable(jobs.get(job));
  }

  /** A job whose deadline has passed, if there is one. */
  Optional<RunningJob> late(Instant now) {
    return byDeadline.isEmpty() || byDeadline.getFirst().scheduled().deadline().isAfter(now)
        ? Optional.empty()
        : Optional.of(byDeadline.getFirst());
  }

  /** The jobs as they stand, for somebody who looks. */
  BatchView view(Predicate<String> before) {
    return jobs.isEmpty() ? BatchView.EMPTY : BatchView.of(jobs.values(), before);
  }

  /** The jobs that want progress to be reported. */
  Collection<RunningJob> reporting() {
    return reporting;
  }

  /** Takes a job out, wherever its lanes are. */
  void remove(RunningJob job) {
    jobs.remove(job.scheduled());
    byDeadline.remove(job);
    reporting.remove(job);
    boolean waits = false;
    for (Lane lane : job.lanes()) {
      jobOf.remove(lane);
      // a lane that has ended has left the batch: looking for it would be a walk along the others
      waits |= !lane.finished() && lane.failure().isEmpty() && !batch.remove(lane);
    }
    if (waits) {
      waiting.removeIf(lane -> !jobOf.containsKey(lane));
    }
  }

  boolean isEmpty() {
    return jobs.isEmpty();
  }

  /** Token rows in the batch. */
  int rows() {
    return batch.rows();
  }

  /** Positions of the lanes in the batch that are still to be filled. */
  int remaining() {
    int remaining = 0;
    for (Lane lane : batch.lanes()) {
      remaining += lane.remaining();
    }
    return remaining;
  }

  @Override
  public void close() {
    batch.close();
  }
}
