package io.sedd.worker.delivery;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Jobs for tests. */
public final class Jobs {

  private Jobs() {}

  /** A job of eight blanks. */
  public static GenerationJob job(String id) {
    return JobDefaults.job(id, List.of(new Segment.Blank(8)));
  }

  /** So many of them, {@code prefix-0} and on. */
  public static List<GenerationJob> jobs(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> job(prefix + "-" + i)).toList();
  }

  public static GenerationJob withPriority(GenerationJob job, int priority) {
    return with(job, job.samples(), job.steps(), priority, job.deadline(), job.progressEvery());
  }

  public static GenerationJob withDeadline(GenerationJob job, Instant deadline) {
    return with(
        job,
        job.samples(),
        job.steps(),
        job.priority(),
        Optional.of(deadline),
        job.progressEvery());
  }

  public static GenerationJob withSteps(GenerationJob job, int steps) {
    return with(job, job.samples(), steps, job.priority(), job.deadline(), job.progressEvery());
  }

  public static GenerationJob withSamples(GenerationJob job, int samples) {
    return with(job, samples, job.steps(), job.priority(), job.deadline(), job.progressEvery());
  }

  public static GenerationJob withProgress(GenerationJob job, int every) {
    return with(job, job.samples(), job.steps(), job.priority(), job.deadline(), every);
  }

  public static GenerationJob withQueueTtl(GenerationJob job, Duration queueTtl) {
    return new GenerationJob(
        job.id(),
        job.template(),
        job.samples(),
        job.steps(),
        job.predictor(),
        job.temperature(),
        job.topP(),
        job.seed(),
        job.priority(),
        job.deadline(),
        Optional.of(queueTtl),
        job.progressEvery(),
        job.metadata());
  }

  private static GenerationJob with(
      GenerationJob job,
      int samples,
      int steps,
      int priority,
      Optional<Instant> deadline,
      int progressEvery) {
    return new GenerationJob(
        job.id(),
        job.template(),
        samples,
        steps,
        job.predictor(),
        job.temperature(),
        job.topP(),
        OptionalLong.empty(),
        priority,
        deadline,
        job.queueTtl(),
        progressEvery,
        job.metadata());
  }
}
