package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.StepTimes;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.scheduling.JobFailure;
import io.sedd.worker.scheduling.JobFailure.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of all lanes, whatever stands in the way. An evaluation that fails is taken again in two
 * halves, down to the lane that fails alone; a failed evaluation moves no lane, so the others go on
 * from where they stand.
 *
 * <p>With n lanes and k that cannot be stepped this takes at most 2 k (log2 n + 1) + 1 evaluations,
 * k probes and k second chances, and a sound lane is in at most log2 n + 1 evaluations that fail.
 * Where the device has failed and not a job, log2 n + 2 tell.
 *
 * <p>One use each step; owned by the denoising thread.
 */
final class BisectingStep {

  private static final Logger log = LoggerFactory.getLogger(BisectingStep.class);

  private final DenoisingBatch batch;
  private final Function<Lane, RunningJob> jobOf;
  private final StepCapacity capacity;
  private final DeviceProbe probe;
  private final DeviceMetrics metrics;
  private final Runnable beforeEach;
  private final List<Lane> ended = new ArrayList<>();
  private final Map<RunningJob, JobFailure.Retryable> culprits = new LinkedHashMap<>();
  private Optional<Throwable> deviceFault = Optional.empty();
  private StepTimes times = StepTimes.NONE;
  private boolean failed;

  /**
   * A step to be taken once.
   *
   * @param beforeEach called before each evaluation
   */
  BisectingStep(
      DenoisingBatch batch,
      Function<Lane, RunningJob> jobOf,
      StepCapacity capacity,
      DeviceProbe probe,
      DeviceMetrics metrics,
      Runnable beforeEach) {
    this.batch = batch;
    this.jobOf = jobOf;
    this.capacity = capacity;
    this.probe = probe;
    this.metrics = metrics;
    this.beforeEach = beforeEach;
  }

  /** Takes it. */
  StepOutcome take(List<Lane> lanes) {
    for (List<Lane> part : parts(lanes)) {
      evaluate(part);
    }
    if (!failed) {
      capacity.goodStep();
    }
    return new StepOutcome(ended, culprits, deviceFault, times);
  }

  /** Runs of lanes that keep within the capacity; a lane that is longer is one by itself. */
  private List<List<Lane>> parts(List<Lane> lanes) {
    if (rows(lanes) <= capacity.rows()) {
      return List.of(lanes);
    }
    List<List<Lane>> parts = new ArrayList<>();
    int begin = 0;
    int rows = 0;
    for (int i = 0; i < lanes.size(); i++) {
      int length = lanes.get(i).length();
      if (i > begin && rows + length > capacity.rows()) {
        parts.add(lanes.subList(begin, i));
        begin = i;
        rows = 0;
      }
      rows += length;
    }
    parts.add(lanes.subList(begin, lanes.size()));
    return parts;
  }

  private void evaluate(List<Lane> part) {
    List<Lane> lanes = withoutCulprits(part);
    if (lanes.isEmpty() || deviceFault.isPresent()) {
      return;
    }
    beforeEach.run();
    try {
      step(lanes);
    } catch (RuntimeException | Error e) {
      failed(lanes, e);
    }
  }

  private void step(List<Lane> lanes) {
    ended.addAll(batch.step(lanes));
    times = times.plus(batch.lastStep());
  }

  /** What is known to fail already is not tried with its other lanes. */
  private List<Lane> withoutCulprits(List<Lane> lanes) {
    return culprits.isEmpty()
        ? lanes
        : lanes.stream().filter(lane -> !culprits.containsKey(jobOf.apply(lane))).toList();
  }

  private void failed(List<Lane> lanes, Throwable fault) {
    failed = true;
    metrics.count(Metric.STEP_FAILURES);
    JobFailure.Retryable failure = JobFailure.Retryable.ofStep(fault);
    if (failure.reason() == Reason.DEVICE_LOST) {
      deviceFault = Optional.of(fault);
      return;
    }
    if (failure.reason() == Reason.OUT_OF_MEMORY) {
      capacity.outOfMemory(rows(lanes));
      metrics.count(Metric.OUT_OF_MEMORY);
    }
    if (lanes.size() > 1) {
      log.warn("a step of {} lanes failed and is taken in halves: {}", lanes.size(), failure);
      evaluate(lanes.subList(0, lanes.size() / 2));
      evaluate(lanes.subList(lanes.size() / 2, lanes.size()));
    } else {
      failedAlone(lanes.getFirst(), failure);
    }
  }

  /** The device is asked whether it is to blame; if not, the lane has one more chance. */
  private void failedAlone(Lane lane, JobFailure.Retryable failure) {
    beforeEach.run();
    deviceFault = probe.fault(lane.model());
    if (deviceFault.isPresent()) {
      return;
    }
    beforeEach.run();
    try {
      step(List.of(lane));
    } catch (RuntimeException | Error e) {
      metrics.count(Metric.STEP_FAILURES);
      RunningJob job = jobOf.apply(lane);
      log.warn("job {} cannot be stepped, alone or with others", job.job().id(), e);
      culprits.put(job, failure);
    }
  }

  private static int rows(List<Lane> lanes) {
    int rows = 0;
    for (Lane lane : lanes) {
      rows += lane.length();
    }
    return rows;
  }
}
