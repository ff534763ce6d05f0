package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A job on its checkpoint and its device: one lane a sample. Owned by the denoising thread. */
final class RunningJob {

  /** The nearest deadline first; a total order. */
  static final Comparator<RunningJob> BY_DEADLINE =
      Comparator.comparing((RunningJob job) -> job.scheduled.deadline())
          .thenComparingLong(job -> job.scheduled.sequence());

  private final ScheduledJob scheduled;
  private final ServedCheckpoint checkpoint;
  private final List<Lane> lanes;
  private final int blanks;
  private final Instant begin;
  private final int[] stepReported;
  private Instant nextReport = Instant.MIN;

  RunningJob(
      ScheduledJob scheduled,
      ServedCheckpoint checkpoint,
      DiffusionModel model,
      EncodedTemplate encoded,
      Instant begin) {
    this.scheduled = scheduled;
    this.checkpoint = checkpoint;
    this.begin = begin;
    Template template = Template.of(encoded.tokens());
    this.blanks = template.blanks().length;
    this.lanes =
        IntStream.range(0, job().samples())
            .mapToObj(sample -> new Lane(LaneRequest.of(job(), template, sample), model))
            .toList();
    this.stepReported = new int[lanes.size()];
  }

  GenerationJob job() {
    return scheduled.delivery().job();
  }

  ScheduledJob scheduled() {
    return scheduled;
  }

  ServedCheckpoint checkpoint() {
    return checkpoint;
  }

  /** One a sample, in their order. */
  List<Lane> lanes() {
    return lanes;
  }

  /** Positions to be filled in each sample. */
  int blanks() {
    return blanks;
  }

  boolean hasDeadline() {
    return job().deadline().isPresent();
  }

  /** The step of the lane that was last looked at for progress; 0 before the first. */
  int stepReported(Lane lane) {
    return stepReported[lane.request().sample()];
  }

  void reported(Lane lane, int step) {
    stepReported[lane.request().sample()] = step;
  }

  /** Before this moment progress is not reported again. */
  Instant nextReport() {
    return nextReport;
  }

  void noReportBefore(Instant next) {
    nextReport = next;
  }

  boolean finished() {
    return lanes.stream().allMatch(Lane::finished);
  }

  long queueMillis() {
    return Math.max(0, Duration.between(scheduled.delivery().arrival(), begin).toMillis());
  }

  long denoiseMillis(Instant now) {
    return Math.max(0, Duration.between(begin, now).toMillis());
  }

  long evaluations() {
    return lanes.stream().mapToLong(Lane::evaluations).sum();
  }

  int stepsTaken() {
    return lanes.stream().mapToInt(Lane::stepsTaken).max().orElse(0);
  }
}
