package io.sedd.worker;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.sedd.protocol.configuration.EffectiveConfiguration;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.reload.ReloadStatus;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole worker in this process. Started by {@link #start}; {@link #close} ends it in an orderly
 * way: what runs is finished within the configured limit, what is not is left to another worker.
 */
public final class Worker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Assembly.Handles handles;
  private final ClosingStack closing;

  private Worker(Assembly.Handles handles, ClosingStack closing) {
    this.handles = handles;
    this.closing = closing;
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
    ClosingStack closing = new ClosingStack();
    try {
      return new Worker(
          new Assembly(name, configuration, clients, telemetry, closing).start(), closing);
    } catch (RuntimeException | Error | InterruptedException e) {
      closing.close();
      throw e;
    }
  }

  /** The worker's name in results. */
  public String name() {
    return handles.name();
  }

  /** Where health and metrics are. */
  public URI httpAddress() {
    return handles.listeners().http();
  }

  /** Where commands are taken; empty where no token is configured. */
  public Optional<URI> adminAddress() {
    return handles.listeners().admin();
  }

  /**
   * Begins to leave the group: running jobs end within {@code delivery.stopLimit}, what is not done
   * is given back. Health and metrics answer on until {@link #close}. Does nothing the second time.
   *
   * @return true if that was not begun before
   */
  public boolean drain() {
    return handles.departure().begin();
  }

  /** Done when the worker has left the group after {@link #drain}; it should be closed then. */
  public CompletableFuture<Void> drained() {
    return handles.departure().done();
  }

  /** Done when the first checkpoint is served and jobs are being taken. */
  public CompletableFuture<Void> firstCheckpoint() {
    return handles.watcher().first();
  }

  /** Which checkpoint new jobs start on, and what is wrong with the latest if it is refused. */
  public ReloadStatus checkpoints() {
    return handles.watcher().status();
  }

  /** The worker's numbers. */
  public WorkerMetrics metrics() {
    return handles.metrics();
  }

  /** Done, with the fault, when the worker cannot go on; it should be closed then. */
  public CompletableFuture<Throwable> failure() {
    return handles.failure();
  }

  /** Ends what {@link #start} started, in the reverse order. Does nothing the second time. */
  @Override
  public void close() {
    closing.close();
  }
}
