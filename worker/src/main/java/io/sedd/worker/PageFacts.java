package io.sedd.worker;

import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.metrics.BuildVersion;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.page.WorkerFacts;
import io.sedd.worker.scheduling.JobScheduler;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The worker as its page sees it; no secrets and, but for the waiting jobs, no names. */
record PageFacts(
    JsonObject fixed,
    long rowsOfAllDevices,
    Supplier<String> word,
    JobScheduler scheduler,
    WorkerMetrics metrics)
    implements WorkerFacts {

  static PageFacts of(
      String name,
      WorkerConfiguration configuration,
      String device,
      Instant started,
      Supplier<String> phase,
      JobScheduler scheduler,
      WorkerMetrics metrics) {
    long rows = (long) configuration.batch().maxRows() * configuration.backend().numbers().size();
    JsonObject about =
        new JsonObject()
            .put("worker", name)
            .put("version", BuildVersion.TEXT)
            .put("java", Runtime.version().toString())
            .put("device", device)
            .put("started", started.toEpochMilli())
            .put("maxRows", rows)
            .put("texts", configuration.page().texts())
            .put("submit", configuration.page().submit());
    return new PageFacts(about, rows, phase, scheduler, metrics);
  }

  @Override
  public JsonObject about() {
    return fixed;
  }

  @Override
  public String phase() {
    return word.get();
  }

  @Override
  public JsonObject sizes() {
    return new JsonObject()
        .put("waiting", whole(Metric.JOBS_WAITING))
        .put("running", whole(Metric.JOBS_IN_FLIGHT))
        .put("tokenSteps", whole(Metric.BACKLOG_TOKEN_STEPS))
        .put("rows", whole(Metric.BATCH_ROWS))
        .put("masked", whole(Metric.MASKED_POSITIONS))
        .put("batchSteps", whole(Metric.DENOISE_STEPS))
        .put("tokens", whole(Metric.TOKENS_GENERATED))
        .put("partitions", whole(Metric.PARTITIONS_OWNED));
  }

  @Override
  public double fill() {
    return metrics.sum(Metric.BATCH_ROWS) / rowsOfAllDevices;
  }

  @Override
  public List<Delivery> waiting(int most) {
    return scheduler.nextWaiting(most);
  }

  private long whole(Metric metric) {
    return (long) metrics.sum(metric);
  }
}
