package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Template;
import io.sedd.diffusion.text.EncodedTemplate;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A job on its checkpoint: one lane a sample. Owned by the denoising thread. */
final class RunningJob {

  private final ScheduledJob scheduled;
  private final ServedCheckpoint checkpoint;
  private final List<Lane> lanes;
  private final int blanks;
  private final Instant begin;

  RunningJob(
      ScheduledJob scheduled, ServedCheckpoint checkpoint, EncodedTemplate encoded, Instant begin) {
    this.scheduled = scheduled;
    this.checkpoint = checkpoint;
    this.begin = begin;
    Template template = Template.of(encoded.tokens());
    this.blanks = template.blanks().length;
    this.lanes =
        IntStream.range(0, job().samples())
            .mapToObj(
                sample -> new Lane(LaneRequest.of(job(), template, sample), checkpoint.model()))
            .toList();
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
