package io.sedd.worker;

import io.opentelemetry.api.OpenTelemetry;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a worker's parts together, in the order in which they need each other: what lies at the
 * broker, where jobs wait, the device, the checkpoints, and what people and other programs see.
 * Used once.
 */
final class Assembly {

  private static final Logger log = LoggerFactory.getLogger(Assembly.class);

  private static final Duration LAG_INTERVAL = Duration.ofSeconds(10);

  private final String name;
  private final WorkerConfiguration configuration;
  private final KafkaClients clients;
  private final OpenTelemetry telemetry;
  private final ClosingStack closing;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final CompletableFuture<DenoisingLoop> loopToCome = new CompletableFuture<>();
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Clock clock = Clock.systemUTC();
  private final LiveState live;
  private final Results results;
  private final JobLimits limits;
  private final int batchRows;

  /**
   * What the worker is held by from outside.
   *
   * @param name in results
   * @param listeners where it answers
   * @param watcher of its checkpoints
   * @param departure how it leaves its group
   * @param metrics its numbers
   * @param failure done, with the fault, when it cannot go on
   */
  record Handles(
      String name,
      Listeners listeners,
      CheckpointWatcher watcher,
      Departure departure,
      WorkerMetrics metrics,
      CompletableFuture<Throwable> failure) {}

  /** An assembly that owns nothing: what it starts is ended by {@code closing}. */
  Assembly(
      String name,
      WorkerConfiguration configuration,
      KafkaClients clients,
      OpenTelemetry telemetry,
      ClosingStack closing) {
    this.name = name;
    this.configuration = configuration;
    this.clients = clients;
    this.telemetry = telemetry;
    this.closing = closing;
    this.live = new LiveState(configuration.page().texts(), clock, System::nanoTime);
    this.results = new Results(name);
    this.limits = new JobLimits(configuration.limits().recordBytes());
    this.batchRows = configuration.batch().maxRows();
  }

  /**
   * Starts everything; jobs are taken as soon as a checkpoint is served.
   *
   * @throws IllegalStateException if a topic does not exist or no broker answers
   * @throws io.sedd.diffusion.backend.BackendUnavailableException if the backend cannot start
   */
  Handles start() throws InterruptedException {
    Admin admin = closing.own("admin client", clients.admin());
    TopicCheck topics = new TopicCheck(admin, configuration.topics());
    topics.requireTopics();
    int recordBytes = topics.largestRecord(configuration.limits().resultBytes());
    Backend backend = closing.own("backend", open(configuration.backend()));
    Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2));
    closing.add("Vert.x", () -> await(vertx.close()));

    List<JobWatch> watches =
        List.of(
            new JobSpans(telemetry, configuration.topics().jobs()),
            new JobLog(configuration.logging().texts()),
            live.jobs());
    JobSource source = source(admin, recordBytes, watches);
    closing.own(
        "lag gauge", new GroupLag(clients.admin(), lag(configuration), LAG_INTERVAL, metrics));
    JobScheduler scheduler = scheduler(source, watches);
    DenoisingLoop loop = denoising(backend, vertx, scheduler);
    CheckpointWatcher watcher = checkpoints(backend, loop);
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
    Departure departure = new Departure(source, configuration.delivery().stopLimit());
    WorkerReport report =
        new WorkerReport(
            name,
            clock.instant(),
            configuration,
            backend.description(),
            loop,
            source,
            watcher,
            metrics,
            clock);
    OperatorControl operator =
        new OperatorControl(scheduler, departure, watcher, watcher.first(), failure, report);
    live.ask(
        PageFacts.of(
            name,
            configuration,
            backend.description(),
            clock.instant(),
            operator::phase,
            scheduler,
            metrics));
    HealthOfParts health =
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
            clock);
    Listeners listeners =
        await(Listeners.open(vertx, configuration, name, health, metrics, operator, page()));
    // after a fault nothing that runs will end: there is nothing to wait for
    closing.add("intake", () -> departure.finish(!failure.isDone()));
    JobSink sink = new WatchedSink(scheduler, watches);
    var _ = watcher.first().thenRun(() -> source.start(sink));
    log.info("worker {} is up; {}", name, listeners.http());
    return new Handles(name, listeners, watcher, departure, metrics, failure);
  }

  private JobSource source(Admin admin, int recordBytes, List<JobWatch> watches)
      throws InterruptedException {
    SourceParts parts =
        new SourceParts(
            clients,
            new JobReader(limits, () -> loopToCome.join().encoder(), results),
            new SettlementRecords(configuration.topics(), results, recordBytes, clock),
            metrics,
            clock,
            new WatchedSettlements((_, _) -> {}, watches),
            failure::complete);
    return new JobSources(configuration, parts).open(admin);
  }

  private static LagReader lag(WorkerConfiguration configuration) {
    return switch (configuration.delivery().mode()) {
      case EXACTLY_ONCE ->
          LagReader.ofConsumerGroup(configuration.group(), configuration.topics().jobs());
      case SHARE_GROUP -> LagReader.ofShareGroup(configuration.group());
    };
  }

  private JobScheduler scheduler(JobSource source, List<JobWatch> watches) {
    WorkerConfiguration.Queue queue = configuration.queue();
    WorkerConfiguration.Delivery delivery = configuration.delivery();
    return new JobScheduler(
        new QueueSettings(
            queue.maxTokenSteps(),
            queue.maxBytes(),
            queue.ageing(),
            new RetryPolicy(delivery.maxAttempts(), delivery.retryBackoff())),
        batchRows,
        new WatchedSettlements(source, watches),
        results,
        metrics,
        clock);
  }

  private DenoisingLoop denoising(Backend backend, Vertx vertx, JobScheduler scheduler)
      throws InterruptedException {
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
            failure::complete);
    loop.watch(live.batch());
    loopToCome.complete(loop);
    await(vertx.deployVerticle(new DenoisingVerticle(loop, backend.name())));
    closing.add("denoising", () -> undeployAll(vertx));
    closing.own(
        "step watchdog",
        new StepWatchdog(
            loop::lastTurn, configuration.backend().hangLimit(), clock, failure::complete));
    return loop;
  }

  private CheckpointWatcher checkpoints(Backend backend, DenoisingLoop loop) {
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
    CheckpointWatcher watcher =
        closing.own("checkpoint watcher", new CheckpointWatcher(reloading, checkpoints.interval()));
    checkpoints
        .announcements()
        .ifPresent(
            topic ->
                closing.own(
                    "announcement listener",
                    new AnnouncementListener(clients.plainConsumer(), topic, watcher::lookSoon)));
    return watcher;
  }

  private Optional<PageEndpoints> page() {
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

  private static void undeployAll(Vertx vertx) throws InterruptedException {
    for (String id : vertx.deploymentIDs()) {
      await(vertx.undeploy(id));
    }
  }

  private static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("Vert.x did not answer within 30 s", e);
    }
  }
}
