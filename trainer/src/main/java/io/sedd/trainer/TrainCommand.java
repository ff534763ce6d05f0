package io.sedd.trainer;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.configuration.ConfigurationReader;
import io.sedd.protocol.configuration.ConfigurationSources;
import io.sedd.protocol.configuration.EffectiveConfiguration;
import io.sedd.protocol.configuration.LauncherVariables;
import io.sedd.trainer.training.MetricsLog;
import io.sedd.trainer.training.MetricsPlot;
import io.sedd.trainer.training.ProgressDisplay;
import io.sedd.trainer.training.PrometheusEndpoint;
import io.sedd.trainer.training.Resume;
import io.sedd.trainer.training.StopSignal;
import io.sedd.trainer.training.TensorBoardLog;
import io.sedd.trainer.training.Trainer;
import io.sedd.trainer.training.TrainingConfiguration;
import io.sedd.trainer.training.TrainingObserver;
import io.sedd.trainer.training.TrainingRun;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model and publishes checkpoints; goes on where a run ended or was killed. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a model on text and publishes checkpoints to a folder.",
      "A run that was stopped or killed goes on from the newest checkpoint of its folder."
    })
public final class TrainCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(TrainCommand.class);

  @Option(names = "--config", required = true, description = "The training's YAML file.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key over the file, such as run.steps=500.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--resume",
      defaultValue = "AUTO",
      description =
          "Whether to go on from the folder's checkpoints: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private Resume resume;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draws the curves of the run as PNG, anew at each checkpoint.")
  private Optional<Path> plot = Optional.empty();

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Shows the run to Prometheus at http://...:PORT/metrics; 0 for a free port.")
  private Optional<Integer> metricsPort = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    TrainingConfiguration configuration =
        read(new ConfigurationSources(defaults(), Optional.of(config), System.getenv(), settings));
    log.info("configuration {}", EffectiveConfiguration.jsonLine(configuration));
    StopSignal stop = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndAwait, "end-of-training"));
    try {
      return train(configuration, stop);
    } finally {
      stop.ended();
    }
  }

  private int train(TrainingConfiguration configuration, StopSignal stop) throws IOException {
    InstantSource clock = InstantSource.system();
    Path folder = configuration.checkpoints().folder();
    Path metrics = configuration.metrics().file().orElse(folder.resolve("metrics.jsonl"));
    boolean terminal = onTerminal();
    PrintWriter out = spec.commandLine().getOut();
    TrainingConfiguration.Device device = configuration.backend();
    int threads =
        device.threads() == 0 ? Runtime.getRuntime().availableProcessors() : device.threads();
    try (Backend backend =
            Backends.open(
                device.name(), new BackendOptions(threads, device.device(), device.precision()));
        MetricsLog metricsLog = new MetricsLog(metrics, configuration.metrics().every(), clock);
        ProgressDisplay display = new ProgressDisplay(out, terminal, configuration.run(), clock);
        TrainingObserver curves = curves(configuration.metrics(), clock);
        TrainingObserver picture = picture(metrics);
        TrainingObserver prometheus = prometheus(clock)) {
      TrainingRun run =
          new TrainingRun(configuration, backend, new FileSystemCheckpointStore(folder), clock);
      Trainer.End end =
          run.run(resume, stop, List.of(metricsLog, display, curves, picture, prometheus));
      log.info(
          "{}",
          switch (end) {
            case STEPS -> "training has reached its last step";
            case TIME -> "training has reached its time limit";
            case STOPPED -> "training was stopped; the same command goes on with it";
          });
      return 0;
    }
  }

  private TrainingObserver picture(Path metrics) {
    return plot.<TrainingObserver>map(file -> new MetricsPlot(metrics, file))
        .orElse(TrainingObserver.NONE);
  }

  private TrainingObserver prometheus(InstantSource clock) {
    if (metricsPort.isEmpty()) {
      return TrainingObserver.NONE;
    }
    PrometheusEndpoint endpoint = new PrometheusEndpoint(metricsPort.get(), clock);
    log.info("metrics at http://localhost:{}/metrics", endpoint.port());
    return endpoint;
  }

  private static TrainingObserver curves(
      TrainingConfiguration.Metrics metrics, InstantSource clock) {
    return metrics
        .tensorboard()
        .<TrainingObserver>map(folder -> new TensorBoardLog(folder, metrics.every(), clock))
        .orElse(TrainingObserver.NONE);
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again without a terminal
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  static TrainingConfiguration read(ConfigurationSources sources) {
    return new ConfigurationReader<>(TrainingConfiguration.class, LauncherVariables.NAMES)
        .read(sources);
  }

  static String defaults() {
    return ConfigurationSources.resource(TrainingConfiguration.class, "train-defaults.yaml");
  }
}
