package io.sedd.worker.reload;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.canary.CanaryTrial;
import io.sedd.worker.denoising.JobObserver;
import io.sedd.worker.denoising.ServedCheckpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A candidate that gets its share of the jobs. Only jobs that began after the trial did are
 * compared: the long ones that ran on before would all be on one side.
 *
 * @param version that is tried
 * @param candidate its weights; the rack owns them
 * @param step of the candidate, as text; empty where it is not known
 * @param stable what it is compared with
 * @param jobs the comparison
 * @param begin when its first job could start
 */
record Trial(
    Version version,
    ServedCheckpoint candidate,
    String step,
    ServedCheckpoint stable,
    CanaryTrial jobs,
    Instant begin,
    Clock clock)
    implements JobObserver {

  @Override
  @SuppressWarnings("ReferenceEquality") // a checkpoint loaded twice is two
  public void ended(ServedCheckpoint checkpoint, GenerationResult result) {
    boolean began =
        !clock.instant().minus(Duration.ofMillis(result.denoiseMillis())).isBefore(begin);
    if (began && (checkpoint == candidate || checkpoint == stable)) {
      jobs.add(checkpoint == candidate, result);
    }
  }

  CanaryTrial.Judgement judge() {
    return jobs.judge(elapsed());
  }

  Duration elapsed() {
    return Duration.between(begin, clock.instant());
  }
}
