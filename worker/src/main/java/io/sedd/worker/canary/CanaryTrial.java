package io.sedd.worker.canary;

import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Compares the jobs of a candidate with those that ran on the serving checkpoint in the same time.
 *
 * <p>Three tests: failures by Fisher's exact test, one-sided; entropy and repetition by Welch's
 * test, two-sided, of whether the means differ by <em>more than their margin</em>, since a
 * checkpoint that has learnt on writes other texts, which is no fault. They are looked at each time
 * the smaller side has doubled, from {@value #FIRST_LOOK} jobs on, and at the end; look k may spend
 * {@code falseAlarm / 2^k}, a third of it on each test. By the union bound a candidate that is
 * within the margins is refused with a probability of at most {@code falseAlarm}, however long the
 * trial is.
 *
 * <p>Thread-safe: jobs are noted by the denoising thread, judged by another. Guarded by this.
 */
public final class CanaryTrial {

  private static final int FIRST_LOOK = 50;

  /** Where a trial stands. */
  public enum Verdict {
    OPEN,
    PROMOTED,
    REFUSED
  }

  /**
   * A judgement.
   *
   * @param verdict what to do
   * @param why one sentence
   */
  public record Judgement(Verdict verdict, String why) {}

  private static final class Side {
    private long jobs;
    private long failed;
    private final Moments entropy = new Moments();
    private final Moments repetition = new Moments();

    void add(GenerationResult result) {
      if (result.outcome() == Outcome.FAILED) {
        jobs++;
        failed++;
      } else if (result.outcome() == Outcome.COMPLETED) {
        jobs++;
        TextStatistics.entropy(result).ifPresent(entropy::add);
        TextStatistics.repetition(result).ifPresent(repetition::add);
      }
    }
  }

  private final CanarySettings settings;
  private final Side stable = new Side();
  private final Side candidate = new Side();
  private long nextLook = FIRST_LOOK;
  private int looks;

  public CanaryTrial(CanarySettings settings) {
    this.settings = settings;
  }

  /** Notes a job that ran and ended; cancelled and expired ones do not count. */
  public synchronized void add(boolean onCandidate, GenerationResult result) {
    (onCandidate ? candidate : stable).add(result);
  }

  /** Jobs that ended on the candidate. */
  public synchronized long candidateJobs() {
    return candidate.jobs;
  }

  /** Jobs that ended on the serving checkpoint meanwhile. */
  public synchronized long stableJobs() {
    return stable.jobs;
  }

  /** Candidate minus serving checkpoint, by metric; 0 where nothing is known. */
  public synchronized Map<CanaryMetric, Double> divergence() {
    Map<CanaryMetric, Double> differences = new EnumMap<>(CanaryMetric.class);
    differences.put(
        CanaryMetric.NONFINITE,
        candidate.failed / (double) Math.max(1, candidate.jobs)
            - stable.failed / (double) Math.max(1, stable.jobs));
    differences.put(CanaryMetric.ENTROPY, difference(candidate.entropy, stable.entropy));
    differences.put(CanaryMetric.REPETITION, difference(candidate.repetition, stable.repetition));
    return differences;
  }

  private static double difference(Moments a, Moments b) {
    return a.count() == 0 || b.count() == 0 ? 0 : a.mean() - b.mean();
  }

  /**
   * Judges the candidate.
   *
   * @param elapsed since its first job could start
   */
  public synchronized Judgement judge(Duration elapsed) {
    long fewer = Math.min(candidate.jobs, stable.jobs);
    boolean end = elapsed.compareTo(settings.duration()) >= 0 && fewer >= settings.minJobs();
    if (!end && fewer < nextLook) {
      return new Judgement(
          Verdict.OPEN,
          "%d of its jobs and %d beside them have ended, at least %d of each are wanted"
              .formatted(candidate.jobs, stable.jobs, settings.minJobs()));
    }
    nextLook = 2 * Math.max(fewer, FIRST_LOOK);
    looks++;
    double each = settings.falseAlarm() * Math.pow(0.5, looks) / CanaryMetric.values().length;
    for (CanaryMetric metric : CanaryMetric.values()) {
      double p = probability(metric);
      if (p < each) {
        return new Judgement(Verdict.REFUSED, blame(metric, p));
      }
    }
    return new Judgement(
        end ? Verdict.PROMOTED : Verdict.OPEN,
        "%d jobs on it are like %d beside them".formatted(candidate.jobs, stable.jobs));
  }

  /** Of a difference like this one or larger, were the candidate within the margin. */
  private double probability(CanaryMetric metric) {
    return switch (metric) {
      case NONFINITE ->
          Tails.hypergeometric(
              candidate.failed,
              candidate.jobs,
              candidate.failed + stable.failed,
              candidate.jobs + stable.jobs);
      case ENTROPY -> beyond(candidate.entropy, stable.entropy, settings.entropyMargin());
      case REPETITION ->
          beyond(candidate.repetition, stable.repetition, settings.repetitionMargin());
    };
  }

  /** Welch's test of |difference| against a margin, both directions. */
  private static double beyond(Moments a, Moments b, double margin) {
    if (a.count() < 2 || b.count() < 2) {
      return 1; // such a candidate fails its jobs, or gets none that can be compared
    }
    double over = Math.abs(a.mean() - b.mean()) - margin;
    if (over <= 0) {
      return 1;
    }
    double va = a.meanVariance();
    double vb = b.meanVariance();
    if (va + vb == 0) {
      return 0;
    }
    double df = (va + vb) * (va + vb) / (va * va / (a.count() - 1) + vb * vb / (b.count() - 1));
    return 2 * Tails.student(over / Math.sqrt(va + vb), df);
  }

  private String blame(CanaryMetric metric, double p) {
    return switch (metric) {
      case NONFINITE ->
          "%d of %d jobs on it failed, %d of %d beside them (p = %.2g)"
              .formatted(candidate.failed, candidate.jobs, stable.failed, stable.jobs, p);
      case ENTROPY ->
          means("relative entropy", candidate.entropy, stable.entropy, settings.entropyMargin(), p);
      case REPETITION ->
          means(
              "share of repetition",
              candidate.repetition,
              stable.repetition,
              settings.repetitionMargin(),
              p);
    };
  }

  private static String means(String what, Moments a, Moments b, double margin, double p) {
    return "the mean %s of its %d texts is %.3f, that of %d beside them %.3f, more than %s apart (p = %.2g)"
        .formatted(what, a.count(), a.mean(), b.count(), b.mean(), margin, p);
  }
}
