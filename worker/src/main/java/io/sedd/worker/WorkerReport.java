package io.sedd.worker;

import io.sedd.protocol.configuration.EffectiveConfiguration;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.StepLoops;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.metrics.BuildVersion;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.reload.CheckpointControl;
import io.sedd.worker.reload.ReloadStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;

/** The whole state of a worker for its operator, as JSON; secrets are masked. */
record WorkerReport(
    String name,
    Instant started,
    WorkerConfiguration configuration,
    String device,
    StepLoops loops,
    JobSource source,
    CheckpointControl checkpoints,
    WorkerMetrics metrics,
    Clock clock)
    implements Supplier<JsonObject> {

  @Override
  public JsonObject get() {
    Instant now = clock.instant();
    return new JsonObject()
        .put("worker", name)
        .put("version", BuildVersion.TEXT)
        .put("java", Runtime.version().toString())
        .put("started", started.toString())
        .put("uptimeSeconds", Duration.between(started, now).toSeconds())
        .put("device", device)
        .put("checkpoint", checkpoint())
        .put("intake", intake())
        .put("queue", queue())
        .put("batch", batch(now))
        .put("configuration", new JsonObject(EffectiveConfiguration.jsonLine(configuration)));
  }

  private JsonObject checkpoint() {
    ReloadStatus status = checkpoints.status();
    return new JsonObject()
        .put("serving", status.serving().orElse(null))
        .put("refused", status.refused().orElse(null))
        .put("pinned", status.pinned().orElse(null))
        .put("previous", status.previous().orElse(null))
        .put("rolledBackFrom", status.left().orElse(null))
        .put("candidate", status.candidate().map(c -> c.name()).orElse(null));
  }

  private JsonObject intake() {
    SourceState state = source.state();
    return new JsonObject()
        .put("phase", state.phase().name().toLowerCase(Locale.ROOT))
        .put("detail", state.detail())
        .put("partitions", whole(Metric.PARTITIONS_OWNED))
        .put("partitionsPaused", whole(Metric.PARTITIONS_PAUSED));
  }

  private JsonObject queue() {
    return new JsonObject()
        .put("waiting", whole(Metric.JOBS_WAITING))
        .put("inFlight", whole(Metric.JOBS_IN_FLIGHT))
        .put("steps", whole(Metric.BACKLOG_STEPS))
        .put("tokenSteps", whole(Metric.BACKLOG_TOKEN_STEPS));
  }

  private JsonObject batch(Instant now) {
    return new JsonObject()
        .put("rows", whole(Metric.BATCH_ROWS))
        .put("maxRows", (long) configuration.batch().maxRows() * loops.all().size())
        .put("maskedPositions", whole(Metric.MASKED_POSITIONS))
        .put("steps", whole(Metric.DENOISE_STEPS))
        .put("lastTurnMillisAgo", sinceLastTurn(loops.quietest(), now))
        .put("devices", new JsonArray(loops.all().stream().map(l -> device(l, now)).toList()));
  }

  private JsonObject device(DenoisingLoop loop, Instant now) {
    String device = loop.device().label();
    return new JsonObject()
        .put("device", loop.device().number())
        .put("description", loop.device().backend().description())
        .put("rows", (long) metrics.value(Metric.BATCH_ROWS, device))
        .put("steps", (long) metrics.value(Metric.DENOISE_STEPS, device))
        .put("lastTurnMillisAgo", sinceLastTurn(loop, now));
  }

  private static long sinceLastTurn(DenoisingLoop loop, Instant now) {
    return Duration.between(loop.lastTurn(), now).toMillis();
  }

  private long whole(Metric metric) {
    return (long) metrics.sum(metric);
  }
}
