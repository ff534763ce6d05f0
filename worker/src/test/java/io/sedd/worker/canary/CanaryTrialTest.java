package io.sedd.worker.canary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobError;
import io.sedd.worker.canary.CanaryTrial.Judgement;
import io.sedd.worker.canary.CanaryTrial.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTrialTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final CanarySettings SETTINGS =
      new CanarySettings(0.1, Duration.ofMinutes(10), 200, 1e-3, 0.05, 0.05);

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  private static GenerationResult result(Outcome outcome, List<Integer> tokens) {
    return new GenerationResult(
        "id",
        outcome,
        outcome == Outcome.COMPLETED ? List.of(new Sample("", tokens, 1, 0)) : List.of(),
        Optional.empty(),
        1,
        1,
        0,
        0,
        "w",
        Map.of(),
        outcome == Outcome.FAILED
            ? Optional.of(new JobError(JobError.Code.INTERNAL, "not finite", "$"))
            : Optional.empty());
  }

  /** Tokens that are all equally likely, of a length that varies from job to job. */
  private GenerationResult text(int vocabulary) {
    int length = 32 + random.nextInt(64);
    return result(
        Outcome.COMPLETED,
        IntStream.range(0, length).mapToObj(_ -> random.nextInt(vocabulary)).toList());
  }

  private Judgement run(
      CanarySettings settings,
      int jobs,
      Supplier<GenerationResult> stable,
      Supplier<GenerationResult> candidate) {
    CanaryTrial trial = new CanaryTrial(settings);
    for (int i = 0; i < jobs; i++) {
      boolean onCandidate = i % 10 == 0;
      trial.add(onCandidate, onCandidate ? candidate.get() : stable.get());
      Judgement judgement = trial.judge(Duration.ZERO);
      if (judgement.verdict() != Verdict.OPEN) {
        return judgement;
      }
    }
    return trial.judge(LONG);
  }

  @Test
  void aCandidateLikeTheServingOneIsPromotedWhenTimeAndJobsAreEnough() {
    CanaryTrial trial = new CanaryTrial(SETTINGS);
    for (int i = 0; i < 1990; i++) {
      trial.add(i % 10 == 0, text(50));
    }
    assertEquals(Verdict.OPEN, trial.judge(LONG).verdict(), "199 jobs are not enough");
    trial.add(true, text(50));
    assertEquals(Verdict.OPEN, trial.judge(Duration.ofMinutes(9)).verdict());
    assertEquals(Verdict.PROMOTED, trial.judge(Duration.ofMinutes(10)).verdict());
  }

  @Test
  void aCandidateWhoseJobsFailIsRefusedLongBeforeItsTimeIsOver() {
    Judgement judgement =
        run(
            SETTINGS,
            1000,
            () -> text(50),
            () -> random.nextInt(5) == 0 ? result(Outcome.FAILED, List.of()) : text(50));
    assertEquals(Verdict.REFUSED, judgement.verdict(), judgement.why());
    assertTrue(judgement.why().contains("jobs on it failed"), judgement.why());
  }

  @Test
  void aCandidateThatRepeatsItselfIsRefused() {
    Judgement judgement =
        run(
            SETTINGS,
            3000,
            () -> text(50),
            () ->
                result(
                    Outcome.COMPLETED, IntStream.range(0, 64).map(i -> i % 16).boxed().toList()));
    assertEquals(Verdict.REFUSED, judgement.verdict(), judgement.why());
  }

  @Test
  void aCandidateOfFewerWordsIsRefusedAndOneOfSlightlyFewerIsNot() {
    Judgement poor = run(SETTINGS, 3000, () -> text(50), () -> text(10));
    assertEquals(Verdict.REFUSED, poor.verdict(), poor.why());
    assertTrue(poor.why().contains("entropy"), poor.why());
    assertEquals(Verdict.PROMOTED, run(SETTINGS, 3000, () -> text(50), () -> text(46)).verdict());
  }

  @Test
  void cancelledJobsSayNothing() {
    CanaryTrial trial = new CanaryTrial(SETTINGS);
    trial.add(true, result(Outcome.CANCELLED, List.of()));
    trial.add(false, result(Outcome.EXPIRED, List.of()));
    assertEquals(0, trial.candidateJobs() + trial.stableJobs());
  }

  /**
   * 600 trials of equal checkpoints without any margin, five looks each, at a stated false-alarm
   * rate of 2 %: at most 12 refusals are expected. More than 27 (4.4 standard deviations above)
   * would be seen once in 10,000 runs if the rate were 2 % to the point.
   */
  @Test
  void equalCheckpointsAreRefusedNoMoreOftenThanStated() {
    CanarySettings strict = new CanarySettings(0.5, Duration.ZERO, 800, 0.02, 0, 0);
    int refused = 0;
    for (int t = 0; t < 600; t++) {
      CanaryTrial trial = new CanaryTrial(strict);
      Verdict verdict = Verdict.OPEN;
      for (int i = 0; i < 800 && verdict == Verdict.OPEN; i++) {
        trial.add(true, cheap());
        trial.add(false, cheap());
        verdict = trial.judge(Duration.ZERO).verdict();
      }
      refused += verdict == Verdict.REFUSED ? 1 : 0;
    }
    assertTrue(refused <= 27, refused + " of 600");
  }

  /** Skewed, and failing now and then. */
  private GenerationResult cheap() {
    if (random.nextInt(20) == 0) {
      return result(Outcome.FAILED, List.of());
    }
    int words = 1 + Math.min(5, (int) random.nextExponential());
    return result(
        Outcome.COMPLETED, IntStream.range(0, 6).mapToObj(_ -> random.nextInt(words)).toList());
  }
}
