package io.sedd.worker.metrics;

import java.util.List;

/** Every metric of a worker: name, kind, labels and help. Base units; no job ids in labels. */
public enum Metric {
  BUILD_INFO("sedd_build_info", Kind.GAUGE, "1, for this software", "version", "java"),
  JOBS(
      "sedd_jobs_total",
      Kind.COUNTER,
      "Jobs that ended and whose result the broker has",
      "outcome",
      "kind"),
  JOBS_IN_FLIGHT("sedd_jobs_in_flight", Kind.GAUGE, "Jobs that were started and are not finished"),
  JOBS_WAITING("sedd_jobs_waiting", Kind.GAUGE, "Jobs that wait in this worker"),
  JOBS_WITHDRAWN(
      "sedd_jobs_withdrawn_total",
      Kind.COUNTER,
      "Jobs given back because their partition went to another worker"),
  JOB_QUEUE_SECONDS(
      "sedd_job_queue_seconds",
      Kind.SECONDS,
      "From a job's arrival at the worker to its first step"),
  JOB_DURATION_SECONDS(
      "sedd_job_duration_seconds", Kind.SECONDS, "From a job's first step to its last", "kind"),
  JOB_DEADLINE_EXCEEDED(
      "sedd_job_deadline_exceeded_total",
      Kind.COUNTER,
      "Jobs whose deadline passed before they were done, or whose queue time before they began"),
  BACKLOG_STEPS(
      "sedd_backlog_steps", Kind.GAUGE, "Denoising steps of all samples of the waiting jobs"),
  BACKLOG_TOKEN_STEPS(
      "sedd_backlog_token_steps",
      Kind.GAUGE,
      "Tokens times steps of the waiting jobs, what the queue is bounded in"),
  BATCH_ROWS("sedd_batch_rows", Kind.GAUGE, "Token rows of a device's present batch", "device"),
  BATCH_FILL_RATIO(
      "sedd_batch_fill_ratio",
      Kind.GAUGE,
      "Token rows of a device's present batch over its capacity",
      "device"),
  MASKED_POSITIONS(
      "sedd_masked_positions",
      Kind.GAUGE,
      "Positions of a device's present batch that are still to be filled",
      "device"),
  DENOISE_STEPS(
      "sedd_denoise_steps_total", Kind.COUNTER, "Steps of a device's whole batch", "device"),
  DENOISE_STEP_SECONDS(
      "sedd_denoise_step_seconds",
      Kind.SECONDS,
      "One step of a device's whole batch, by what the time went on",
      "device",
      "phase"),
  STEP_FAILURES(
      "sedd_step_failures_total",
      Kind.COUNTER,
      "Evaluations of lanes that failed; their halves are tried again",
      "device"),
  OUT_OF_MEMORY(
      "sedd_out_of_memory_total",
      Kind.COUNTER,
      "Evaluations for which the device had no memory; the next ones have fewer rows",
      "device"),
  DEVICE_MEMORY(
      "sedd_device_memory_bytes",
      Kind.GAUGE,
      "Memory of a device that has its own, whoever took it; a CPU has none here",
      "device",
      "state"),
  NETWORK_EVALUATIONS(
      "sedd_network_evaluations_total", Kind.COUNTER, "Network evaluations, summed over samples"),
  TOKENS_GENERATED(
      "sedd_tokens_generated_total", Kind.COUNTER, "Blank positions filled in completed jobs"),
  NONFINITE_SCORES(
      "sedd_nonfinite_scores_total",
      Kind.COUNTER,
      "Samples given up because their scores were not finite"),
  RETRIES(
      "sedd_retries_total", Kind.COUNTER, "Jobs that failed and wait for another start", "reason"),
  DEAD_LETTERS(
      "sedd_dead_letters_total", Kind.COUNTER, "Records sent to the dead-letter topic", "reason"),
  PROGRESS_DROPPED(
      "sedd_progress_dropped_total",
      Kind.COUNTER,
      "Progress reports left out: too early after the last, replaced by a newer one, or not taken"
          + " by the broker"),
  PARTITIONS_OWNED(
      "sedd_partitions_owned", Kind.GAUGE, "Partitions of the jobs topic that this worker has"),
  PARTITIONS_PAUSED(
      "sedd_partitions_paused", Kind.GAUGE, "Owned partitions that are not fetched from for now"),
  PARTITIONS_ORPHANED(
      "sedd_partitions_orphaned",
      Kind.GAUGE,
      "Partitions of the jobs topic that a stable consumer group has given to nobody; every worker"
          + " of a group tells the same"),
  GROUP_DIVISIONS(
      "sedd_group_divisions_total",
      Kind.COUNTER,
      "Times this worker had all partitions divided anew because some belonged to nobody"),
  COMMIT_SECONDS(
      "sedd_commit_seconds",
      Kind.SECONDS,
      "One transaction of results, dead letters and offsets, or one publication in a share group"),
  GROUP_LAG(
      "sedd_group_lag",
      Kind.GAUGE,
      "Records of the jobs topic that the group has still to finish; every worker of a group tells"
          + " the same"),
  JOBS_SENT_AGAIN(
      "sedd_jobs_sent_again_total",
      Kind.COUNTER,
      "Jobs of a share group that were delivered twice without an end, sent again to run alone"),
  ACKNOWLEDGEMENTS_REFUSED(
      "sedd_acknowledgements_refused_total",
      Kind.COUNTER,
      "Acknowledgements in a share group that the broker did not take: their jobs come again"),
  COMMIT_FAILURES(
      "sedd_commit_failures_total",
      Kind.COUNTER,
      "Transactions that failed or whose outcome was unknown at first"),
  CONTROL_HEARD(
      "sedd_control_heard", Kind.GAUGE, "1 while cancellations are heard, 0 while they cannot be"),
  CHECKPOINT_INFO(
      "sedd_checkpoint_info",
      Kind.GAUGE,
      "1 for the checkpoint that new jobs start on",
      "id",
      "step",
      "sha"),
  CHECKPOINT_STEP(
      "sedd_checkpoint_step",
      Kind.GAUGE,
      "Training step of the checkpoint that new jobs start on; 0 where its files do not say"),
  CHECKPOINT_PINNED(
      "sedd_checkpoint_pinned", Kind.GAUGE, "1 while an operator holds the worker to a checkpoint"),
  CANARY_DIVERGENCE(
      "sedd_canary_divergence",
      Kind.GAUGE,
      "Candidate minus serving checkpoint while one is tried: share of failed jobs, mean relative"
          + " entropy, mean share of repetition",
      "metric"),
  CANARY_JOBS(
      "sedd_canary_jobs", Kind.GAUGE, "Jobs compared in the present trial, by checkpoint", "side"),
  CANARY_TRIALS(
      "sedd_canary_trials_total", Kind.COUNTER, "Trials of candidates that ended", "outcome"),
  RELOADS("sedd_reloads_total", Kind.COUNTER, "Checkpoints tried, the first included", "outcome"),
  RELOAD_SECONDS(
      "sedd_reload_seconds", Kind.SECONDS, "From finding a new checkpoint to serving it");

  /** What a metric is. */
  enum Kind {
    COUNTER,
    GAUGE,
    /** A histogram of times. */
    SECONDS
  }

  private final String fullName;
  private final Kind kind;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
  private final List<String> labels;

  Metric(String fullName, Kind kind, String help, String... labels) {
    this.fullName = fullName;
    this.kind = kind;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The name on the metrics page. */
  public String fullName() {
    return fullName;
  }

  Kind kind() {
    return kind;
  }

  String help() {
    return help;
  }

  /** Names of its labels, in the order in which their values are given. */
  public List<String> labels() {
    return labels;
  }
}
