package io.sedd.worker;

import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.StepLoops;
import io.sedd.worker.http.HealthReport;
import io.sedd.worker.http.HealthReport.Part;
import io.sedd.worker.http.WorkerHealth;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.reload.CheckpointWatcher;
import io.sedd.worker.reload.ReloadStatus;
import io.sedd.worker.scheduling.ControlListener;
import io.sedd.worker.scheduling.JobScheduler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** The health of a worker is that of its parts. */
record HealthOfParts(
    Vertx vertx,
    Admin admin,
    String device,
    StepLoops loops,
    JobSource source,
    JobScheduler scheduler,
    CheckpointWatcher watcher,
    ControlListener control,
    CompletableFuture<Throwable> failure,
    Duration stepLimit,
    Clock clock)
    implements WorkerHealth {

  private static final int BROKER_MILLIS = 2000;

  @Override
  public HealthReport live() {
    DenoisingLoop quietest = loops.quietest();
    Duration since = Duration.between(quietest.lastTurn(), clock.instant());
    SourceState state = source.state();
    return new HealthReport(
        List.of(
            new Part("eventLoop", true, "answers"),
            new Part(
                "stepLoop",
                since.compareTo(stepLimit) <= 0,
                "last turn "
                    + since.toMillis()
                    + " ms ago"
                    + (loops.all().size() > 1 ? " on device " + quietest.device().label() : "")),
            new Part("intake", state.phase() != SourceState.Phase.FAILED, state.detail())));
  }

  @Override
  public Future<HealthReport> ready() {
    Part intake = intake();
    Part deviceUp = deviceUp();
    Part checkpoint = checkpoint();
    Part hears =
        new Part(
            "control",
            control.trouble().isEmpty(),
            control.trouble().orElse("cancellations are heard"));
    return broker()
        .map(broker -> new HealthReport(List.of(broker, intake, deviceUp, checkpoint, hears)));
  }

  @Override
  public Part started() {
    return new Part("started", watcher.first().isDone(), checkpoint().detail());
  }

  private Part intake() {
    SourceState state = source.state();
    return new Part(
        "intake",
        state.phase() == SourceState.Phase.RUNNING,
        state.phase().name().toLowerCase(Locale.ROOT)
            + ": "
            + state.detail()
            // asked for by an operator: nothing is wrong
            + (scheduler.paused() ? "; paused by an operator" : ""));
  }

  private Part deviceUp() {
    return failure.isDone()
        ? new Part("device", false, device + "; the worker has failed: " + failure.join())
        : new Part("device", true, device);
  }

  private Part checkpoint() {
    ReloadStatus status = watcher.status();
    return new Part("checkpoint", status.serving().isPresent(), status.sentence());
  }

  private Future<Part> broker() {
    return Future.fromCompletionStage(
            admin
                .describeCluster(new DescribeClusterOptions().timeoutMs(BROKER_MILLIS))
                .nodes()
                .toCompletionStage(),
            vertx.getOrCreateContext())
        .map(nodes -> new Part("broker", true, nodes.size() + " brokers"))
        .otherwise(e -> new Part("broker", false, "no broker answers: " + e.getMessage()));
  }
}
