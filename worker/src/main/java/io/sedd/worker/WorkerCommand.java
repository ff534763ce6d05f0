package io.sedd.worker;

import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.protocol.configuration.ConfigurationException;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.HungStepException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd worker}: takes jobs from Kafka until it is told to stop. */
@Command(
    name = "worker",
    description = {
      "Takes jobs from Kafka, denoises them together, and publishes the results.",
      "SIGTERM or POST /admin/drain ends it in order: running jobs may end within",
      "delivery.stopLimit, the others are left to other workers. A second SIGTERM ends it at once."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to end, and has left its group",
      "1:it could not start, or ended by a fault",
      "2:the configuration is not valid"
    })
public final class WorkerCommand implements Callable<Integer> {

  /**
   * After a step has hung: the intake can still give its jobs back, the device cannot be closed.
   */
  private static final Duration LEAVE_THE_GROUP = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file; deploy/worker.yaml explains every key.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key, such as batch.maxRows=4096; repeatable.")
  private List<String> settings = List.of();

  @Override
  public Integer call() throws InterruptedException {
    WorkerConfiguration configuration;
    try {
      configuration =
          WorkerConfiguration.read(Optional.ofNullable(config), System.getenv(), settings);
    } catch (ConfigurationException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    configuration.logging().format().apply();
    try (Worker worker = Worker.start(configuration);
        EndSignals _ = new EndSignals(worker::drain)) {
      CompletableFuture.anyOf(worker.drained(), worker.failure()).join();
      return worker.failure().isDone() ? failed(worker.failure().join()) : 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (IllegalStateException | BackendUnavailableException | KafkaException e) {
      return failed(e);
    }
  }

  private int failed(Throwable fault) {
    if (fault instanceof HungStepException) {
      ForcedEnd.after(LEAVE_THE_GROUP, () -> Runtime.getRuntime().halt(1));
    }
    spec.commandLine().getErr().println("sedd worker: " + fault.getMessage());
    spec.commandLine().getErr().flush();
    return 1;
  }
}
