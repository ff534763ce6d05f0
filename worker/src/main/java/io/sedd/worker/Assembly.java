package io.sedd.worker;

import io.opentelemetry.api.OpenTelemetry;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.StepLoops;
import io.sedd.worker.http.PageEndpoints;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.SourceParts;
import io.sedd.worker.kafka.GroupLag;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.kafka.LagReader;
import io.sedd.worker.kafka.OrphanedPartitions;
import io.sedd.worker.kafka.TopicCheck;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.page.PageJobs;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.reload.CheckpointWatcher;
import io.sedd.worker.scheduling.ControlListener;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import io.sedd.worker.telemetry.JobLog;
import io.sedd.worker.telemetry.JobSpans;
import io.sedd.worker.telemetry.JobWatch;
import io.sedd.worker.telemetry.WatchedSettlements;
import io.sedd.worker.telemetry.WatchedSink;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a worker's parts together, in the order in which they need each other: what lies at the
 * broker, where jobs wait, the devices, the checkpoints, and what people and other programs see.
 * Used once.
 */
final class Assembly {

  private static final Logger log = LoggerFactory.getLogger(Assembly.class);

  /** Between two questions about the whole group. */
  private static final Duration GROUP_INTERVAL = Duration.ofSeconds(10);

  private final SharedParts shared;
  private final OpenTelemetry telemetry;
  private final CheckpointRack rack;

  // of the shared parts, what is asked for most
  private final WorkerConfiguration configuration;
  private final KafkaClients clients;
  private final ClosingStack closing;
  private final CompletableFuture<Throwable> failure;
  private final WorkerMetrics metrics;
  private final Clock clock;

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
    this.shared = SharedParts.of(name, configuration, clients, closing);
    this.telemetry = telemetry;
    this.rack = new CheckpointRack(configuration.backend().numbers().size());
    this.configuration = configuration;
    this.clients = clients;
    this.closing = closing;
    this.failure = shared.failure();
    this.metrics = shared.metrics();
    this.clock = shared.clock();
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
    OpenDevices devices = OpenDevices.open(configuration.backend(), closing);
    Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(2));
    closing.add("Vert.x", () -> VertxAnswers.await(vertx.close()));

    List<JobWatch> watches =
        List.of(
            new JobSpans(telemetry, configuration.topics().jobs()),
            new JobLog(configuration.logging().texts()),
            shared.live().jobs());
    JobSource source = source(admin, recordBytes, watches);
    watchGroup(admin);
    JobScheduler scheduler = scheduler(source, watches);
    StepLoops loops = new StepLoopStart(shared, vertx, scheduler, rack).start(devices);
    CheckpointWatcher watcher = new CheckpointStart(shared, devices, rack).start();
    ControlListener control =
        closing.own(
            "control listener",
            new ControlListener(
                clients.plainConsumer(),
                configuration.topics().control(),
                shared.limits(),
                scheduler,
                metrics,
                clock.instant()));
    Departure departure = new Departure(source, configuration.delivery().stopLimit());
    WorkerReport report =
        new WorkerReport(
            shared.name(),
            clock.instant(),
            configuration,
            devices.description(),
            loops,
            source,
            watcher,
            metrics,
            clock);
    OperatorControl operator =
        new OperatorControl(scheduler, departure, watcher, watcher.first(), failure, report);
    shared
        .live()
        .ask(
            PageFacts.of(
                shared.name(),
                configuration,
                devices.description(),
                clock.instant(),
                operator::phase,
                scheduler,
                metrics));
    HealthOfParts health =
        new HealthOfParts(
            vertx,
            admin,
            devices.description(),
            loops,
            source,
            scheduler,
            watcher,
            control,
            failure,
            configuration.http().stepLimit(),
            clock);
    Listeners listeners =
        VertxAnswers.await(
            Listeners.open(vertx, configuration, shared.name(), health, metrics, operator, page()));
    // after a fault nothing that runs will end: there is nothing to wait for
    closing.add("intake", () -> departure.finish(!failure.isDone()));
    JobSink sink = new WatchedSink(scheduler, watches);
    var _ = watcher.first().thenRun(() -> source.start(sink));
    log.info("worker {} is up; {} on {}", shared.name(), listeners.http(), devices.description());
    return new Handles(shared.name(), listeners, watcher, departure, metrics, failure);
  }

  private JobSource source(Admin admin, int recordBytes, List<JobWatch> watches)
      throws InterruptedException {
    SourceParts parts =
        new SourceParts(
            clients,
            new JobReader(shared.limits(), rack::encoder, shared.results()),
            new SettlementRecords(configuration.topics(), shared.results(), recordBytes, clock),
            metrics,
            clock,
            new WatchedSettlements((_, _) -> {}, watches),
            failure::complete);
    return new JobSources(configuration, parts).open(admin);
  }

  private void watchGroup(Admin admin) {
    String group = configuration.group();
    String jobs = configuration.topics().jobs();
    LagReader lag =
        switch (configuration.delivery().mode()) {
          case EXACTLY_ONCE -> {
            closing.own(
                "watch over partitions",
                new OrphanedPartitions(admin, clients, group, jobs, GROUP_INTERVAL, metrics));
            yield LagReader.ofConsumerGroup(group, jobs);
          }
          case SHARE_GROUP -> LagReader.ofShareGroup(group);
        };
    closing.own("lag gauge", new GroupLag(clients.admin(), lag, GROUP_INTERVAL, metrics));
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
        (long) configuration.batch().maxRows() * configuration.backend().numbers().size(),
        new WatchedSettlements(source, watches),
        shared.results(),
        metrics,
        clock);
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
                      shared.limits(),
                      () -> UUID.randomUUID().toString().substring(0, 13))));
    }
    return Optional.of(new PageEndpoints(shared.live(), page.texts(), page.hosts(), jobs));
  }
}
