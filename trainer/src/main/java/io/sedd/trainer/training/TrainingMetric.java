package io.sedd.trainer.training;

/** Every metric that a training shows to Prometheus: name, kind and help. */
enum TrainingMetric {
  STEP("sedd_training_step", Kind.GAUGE, "Updates taken, those before a resume counted"),
  TOKENS("sedd_training_tokens_total", Kind.COUNTER, "Tokens trained on since this process began"),
  LOSS(
      "sedd_training_loss_nats_per_token",
      Kind.GAUGE,
      "Training loss of the last step, nats a token"),
  GRADIENT_NORM(
      "sedd_training_gradient_norm", Kind.GAUGE, "Gradient norm of the last step before clipping"),
  LEARNING_RATE("sedd_training_learning_rate", Kind.GAUGE, "Learning rate of the last step"),
  STEP_TIME(
      "sedd_training_last_step_timestamp_seconds",
      Kind.GAUGE,
      "When the last step ended, Unix time; a run that hangs shows here"),
  HELD_OUT(
      "sedd_training_held_out_nats_per_token",
      Kind.GAUGE,
      "Likelihood bound of the moving average on held-out text, nats a token"),
  CHECKPOINTS("sedd_training_checkpoints_total", Kind.COUNTER, "Checkpoints published"),
  CHECKPOINT_STEP("sedd_training_checkpoint_step", Kind.GAUGE, "Step of the last checkpoint");

  /** Kinds of metric. */
  enum Kind {
    COUNTER,
    GAUGE
  }

  private final String metricName;
  private final Kind kind;
  private final String help;

  TrainingMetric(String metricName, Kind kind, String help) {
    this.metricName = metricName;
    this.kind = kind;
    this.help = help;
  }

  String metricName() {
    return metricName;
  }

  Kind kind() {
    return kind;
  }

  String help() {
    return help;
  }
}
