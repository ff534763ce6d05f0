package io.sedd.worker;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.protocol.configuration.EffectiveConfiguration;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.announcement.AnnouncementListener;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.DenoisingVerticle;
import io.sedd.worker.denoising.StepWatchdog;
import io.sedd.worker.http.PageEndpoints;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.SourceParts;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import io.sedd.worker.kafka.GroupLag;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.kafka.LagReader;
import io.sedd.worker.kafka.TopicCheck;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.page.LiveState;
import io.sedd.worker.page.PageJobs;
import io.sedd.worker.publishing.ProgressPublisher;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.reload.CheckpointLoader;
import io.sedd.worker.reload.CheckpointWatcher;
import io.sedd.worker.reload.ReloadMetrics;
import io.sedd.worker.reload.ReloadSettings;
import io.sedd.worker.reload.ReloadStatus;
import io.sedd.worker.reload.Reloading;
import io.sedd.worker.scheduling.ControlListener;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import io.sedd.worker.telemetry.JobLog;
import io.sedd.worker.telemetry.JobSpans;
import io.sedd.worker.telemetry.JobWatch;
import io.sedd.worker.telemetry.WatchedSettlements;
import io.sedd.worker.telemetry.WatchedSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole worker in this process. Started by {@link #start}; {@link #close} ends it in an orderly
 * way: what runs is finished within the configured limit, what is not is left to another worker.
 */
public final class Worker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private static final Duration LAG_INTERVAL = Duration.ofSeconds(10);

  private final ClosingStack closing = new ClosingStack();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final String name;
  private Listeners listeners;
  private CheckpointWatcher watcher;
  private Departure departure;

  private Worker(String name) {
    this.name = name;
  }

  /**
   * Starts a worker; jobs are taken as soon as a checkpoint is served.
   *
   * @throws IllegalStateException if a topic does not exist or no broker answers
   * @throws io.sedd.diffusion.backend.BackendUnavailableException if the backend cannot start
   */
  public static Worker start(WorkerConfiguration configuration) throws InterruptedException {
    String name = configuration.name().orElseGet(WorkerName::ofThisProcess);
    return start(
        configuration,
        name,
        new ConfiguredKafkaClients(configuration.kafka(), configuration.group(), name),
        GlobalOpenTelemetry.get());
  }

  /** As {@link #start(WorkerConfiguration)}, on given Kafka clients, with given telemetry. */
  static Worker start(
      WorkerConfiguration configuration, String name, KafkaClients clients, OpenTelemetry telemetry)
      throws InterruptedException {
    log.info("configuration {}", EffectiveConfiguration.jsonLine(configuration));
    Worker worker = new Worker(name);
    try {
      worker.startParts(configuration, clients, telemetry);
      return worker;
    } catch (RuntimeException | Error | InterruptedException e) {
      worker.close();
      throw e;
    }
  }

  private void startParts(
      WorkerConfiguration configuration, KafkaClients clients, OpenTelemetry telemetry)
      throws InterruptedException {
    Admin admin = closing.own("admin client", clients.admin());
    TopicCheck topics = new TopicCheck(admin, configuration.topics());
    topics.requireTopics();
    int recordBytes = topics.largestRecord(configuration.limits().resultBytes());

    Backend backend = closing.own("backend", open(configuration.backend()));
    Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2));
    closing.add("Vert.x", () -> await(vertx.close()));

    Clock clock = Clock.systemUTC();
    Results results = new Results(name);
    JobLimits limits = new JobLimits(configuration.limits().recordBytes());
    int batchRows = configuration.batch().maxRows();
    CompletableFuture<DenoisingLoop> loopToCome = new CompletableFuture<>();
    LiveState live = new LiveState(configuration.page().texts(), clock, System::nanoTime);
    List<JobWatch> watches =
        List.of(
            new JobSpans(telemetry, configuration.topics().jobs()),
            new JobLog(configuration.logging().texts()),
            live.jobs());
    JobSource source =
        new JobSources(
                configuration,
                new SourceParts(
                    clients,
                    new JobReader(limits, () -> loopToCome.join().encoder(), results),
                    new SettlementRecords(configuration.topics(), results, recordBytes, clock),
                    metrics,
                    clock,
                    new WatchedSettlements((_, _) -> {}, watches),
                    this::fail))
            .open(admin);
    closing.own(
        "lag gauge", new GroupLag(clients.admin(), lag(configuration), LAG_INTERVAL, metrics));
    JobScheduler scheduler =
        new JobScheduler(
            new QueueSettings(
                configuration.queue().maxTokenSteps(),
                configuration.queue().maxBytes(),
                configuration.queue().ageing(),
                new RetryPolicy(
                    configuration.delivery().maxAttempts(),
                    configuration.delivery().retryBackoff())),
            batchRows,
            new WatchedSettlements(source, watches),
            results,
            metrics,
            clock);
    ProgressPublisher progress =
        closing.own(
            "progress publisher",
            new ProgressPublisher(
                clients.plainProducer(), configuration.topics().progress(), metrics));
    DenoisingLoop loop =
        new DenoisingLoop(
            backend,
            new DenoisingSettings(batchRows, configuration.progress().interval()),
            scheduler,
            results,
            progress::publish,
            metrics,
            clock,
            this::fail);
    loop.watch(live.batch());
    loopToCome.complete(loop);
    await(vertx.deployVerticle(new DenoisingVerticle(loop, backend.name())));
    closing.add("denoising", () -> undeployAll(vertx));
    closing.own(
        "step watchdog",
        new StepWatchdog(loop::lastTurn, configuration.backend().hangLimit(), clock, this::fail));
    WorkerConfiguration.Checkpoints checkpoints = configuration.checkpoints();
    Reloading reloading =
        new Reloading(
            closing.own("checkpoint store", ConfiguredStore.open(checkpoints)),
            new ReloadSettings(
                ConfiguredStore.place(checkpoints),
                checkpoints.interval(),
                checkpoints.pin(),
                checkpoints.canary()),
            new CheckpointLoader(backend, batchRows),
            loop,
            new ReloadMetrics(metrics),
            clock);
    reloading.onChange(live.checkpoints());
    watcher =
        closing.own("checkpoint watcher", new CheckpointWatcher(reloading, checkpoints.interval()));
    checkpoints
        .announcements()
        .ifPresent(
            topic ->
                closing.own(
                    "announcement listener",
                    new AnnouncementListener(clients.plainConsumer(), topic, watcher::lookSoon)));
    ControlListener control =
        closing.own(
            "control listener",
            new ControlListener(
                clients.plainConsumer(),
                configuration.topics().control(),
                limits,
                scheduler,
                metrics,
                clock.instant()));
    departure = new Departure(source, configuration.delivery().stopLimit());
    OperatorControl operator =
        new OperatorControl(
            scheduler,
            departure,
            watcher,
            watcher.first(),
            failure,
            new WorkerReport(
                name,
                clock.instant(),
                configuration,
                backend.description(),
                loop,
                source,
                watcher,
                metrics,
                clock));
    live.ask(
        PageFacts.of(
            name,
            configuration,
            backend.description(),
            clock.instant(),
            operator::phase,
            scheduler,
            metrics));
    listeners =
        await(
            Listeners.open(
                vertx,
                configuration,
                name,
                new HealthOfParts(
                    vertx,
                    admin,
                    backend.description(),
                    loop,
                    source,
                    scheduler,
                    watcher,
                    control,
                    failure,
                    configuration.http().stepLimit(),
                    clock),
                metrics,
                operator,
                page(configuration, live, clients, limits)));
    // after a fault nothing that runs will end: there is nothing to wait for
    closing.add("intake", () -> departure.finish(!failure.isDone()));
    JobSink sink = new WatchedSink(scheduler, watches);
    var _ = watcher.first().thenRun(() -> source.start(sink));
    log.info("worker {} is up; {}", name, httpAddress());
  }

  private static LagReader lag(WorkerConfiguration configuration) {
    return switch (configuration.delivery().mode()) {
      case EXACTLY_ONCE ->
          LagReader.ofConsumerGroup(configuration.group(), configuration.topics().jobs());
      case SHARE_GROUP -> LagReader.ofShareGroup(configuration.group());
    };
  }

  private Optional<PageEndpoints> page(
      WorkerConfiguration configuration, LiveState live, KafkaClients clients, JobLimits limits) {
    WorkerConfiguration.Page page = configuration.page();
    if (!page.enabled()) {
      return Optional.empty();
    }
    Optional<PageJobs> jobs = Optional.empty();
    if (page.submit()) {
      jobs =
          Optional.of(
              closing.own(
                  "page's jobs",
                  new PageJobs(
                      clients.plainProducer(),
                      configuration.topics().jobs(),
                      limits,
                      () -> UUID.randomUUID().toString().substring(0, 13))));
    }
    return Optional.of(new PageEndpoints(live, page.texts(), page.hosts(), jobs));
  }

  private static Backend open(WorkerConfiguration.Device device) {
    int threads = device.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors());
    return Backends.open(
        device.name(), new BackendOptions(threads, device.number(), device.precision()));
  }

  private void fail(Throwable fault) {
    failure.complete(fault);
  }

  /** The worker's name in results. */
  public String name() {
    return name;
  }

  /** Where health and metrics are. */
  public URI httpAddress() {
    return listeners.http();
  }

  /** Where commands are taken; empty where no token is configured. */
  public Optional<URI> adminAddress() {
    return listeners.admin();
  }

  /**
   * Begins to leave the group: running jobs end within {@code delivery.stopLimit}, what is not done
   * is given back. Health and metrics answer on until {@link #close}. Does nothing the second time.
   *
   * @return true if that was not begun before
   */
  public boolean drain() {
    return departure.begin();
  }

  /** Done when the worker has left the group after {@link #drain}; it should be closed then. */
  public CompletableFuture<Void> drained() {
    return departure.done();
  }

  /** Done when the first checkpoint is served and jobs are being taken. */
  public CompletableFuture<Void> firstCheckpoint() {
    return watcher.first();
  }

  /** Which checkpoint new jobs start on, and what is wrong with the latest if it is refused. */
  public ReloadStatus checkpoints() {
    return watcher.status();
  }

  /** The worker's numbers. */
  public WorkerMetrics metrics() {
    return metrics;
  }

  /** Done, with the fault, when the worker cannot go on; it should be closed then. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Ends what {@link #start} started, in the reverse order. Does nothing the second time. */
  @Override
  public void close() {
    closing.close();
  }

  private static void undeployAll(Vertx vertx) throws InterruptedException {
    for (String id : vertx.deploymentIDs()) {
      await(vertx.undeploy(id));
    }
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("Vert.x did not answer within 30 s", e);
    }
  }
}
