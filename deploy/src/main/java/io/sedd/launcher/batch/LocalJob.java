package io.sedd.launcher.batch;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Template;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobError;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A job that is denoised in this process: one lane a sample. */
record LocalJob(
    BatchLine.Wanted line, LoadedCheckpoint checkpoint, List<Lane> lanes, Instant begin) {

  private static final String WORKER = "run-batch";

  static LocalJob of(
      BatchLine.Wanted line, Template template, LoadedCheckpoint checkpoint, Instant begin) {
    List<Lane> lanes =
        IntStream.range(0, line.job().samples())
            .mapToObj(
                sample ->
                    new Lane(LaneRequest.of(line.job(), template, sample), checkpoint.model()))
            .toList();
    return new LocalJob(line, checkpoint, lanes, begin);
  }

  GenerationJob job() {
    return line.job();
  }

  boolean finished() {
    return lanes.stream().allMatch(Lane::finished);
  }

  boolean late(Instant now) {
    return job().deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
  }

  GenerationResult completed(Instant now) {
    List<Sample> samples = lanes.stream().map(this::sample).toList();
    return result(Outcome.COMPLETED, samples, Optional.empty(), now);
  }

  GenerationResult expired(Instant now) {
    return result(Outcome.EXPIRED, List.of(), Optional.empty(), now);
  }

  GenerationResult failed(JobError error, Instant now) {
    return result(Outcome.FAILED, List.of(), Optional.of(error), now);
  }

  private Sample sample(Lane lane) {
    int[] tokens = lane.tokens();
    return new Sample(
        checkpoint.tokenizer().decode(tokens),
        Arrays.stream(tokens).boxed().toList(),
        lane.request().seed(),
        lane.request().sample());
  }

  private GenerationResult result(
      Outcome outcome, List<Sample> samples, Optional<JobError> error, Instant now) {
    return new GenerationResult(
        job().id(),
        outcome,
        samples,
        Optional.of(
            new CheckpointName(checkpoint.checkpoint().name(), checkpoint.checkpoint().sha256())),
        lanes.stream().mapToInt(Lane::stepsTaken).max().orElse(0),
        lanes.stream().mapToLong(Lane::evaluations).sum(),
        0,
        Math.max(0, Duration.between(begin, now).toMillis()),
        WORKER,
        job().metadata(),
        error);
  }
}
