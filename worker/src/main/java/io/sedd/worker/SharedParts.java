package io.sedd.worker;

import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.page.LiveState;
import io.sedd.worker.publishing.Results;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/**
 * What all that is put together in a worker is made with.
 *
 * @param name of the worker in results
 * @param live what its page knows
 * @param failure done, with the fault, when the worker cannot go on
 * @param closing ends what was started
 */
record SharedParts(
    String name,
    WorkerConfiguration configuration,
    KafkaClients clients,
    WorkerMetrics metrics,
    Clock clock,
    Results results,
    JobLimits limits,
    LiveState live,
    CompletableFuture<Throwable> failure,
    ClosingStack closing) {

  static SharedParts of(
      String name, WorkerConfiguration configuration, KafkaClients clients, ClosingStack closing) {
    Clock clock = Clock.systemUTC();
    return new SharedParts(
        name,
        configuration,
        clients,
        new WorkerMetrics(configuration.backend().numbers().stream().map(String::valueOf).toList()),
        clock,
        new Results(name),
        new JobLimits(configuration.limits().recordBytes()),
        new LiveState(configuration.page().texts(), clock, System::nanoTime),
        new CompletableFuture<>(),
        closing);
  }
}
