package io.sedd.launcher.batch;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.launcher.CheckpointOptions;
import io.sedd.worker.client.KafkaOptions;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd run-batch}: thousands of jobs from a file, here or by workers. */
@Command(
    name = "run-batch",
    mixinStandardHelpOptions = true,
    description = {
      "Does all jobs of a file, one JSON job a line, and writes a result a line: in this process,"
          + " or,",
      "with --bootstrap, by the workers behind a Kafka broker. Given again after an interruption"
          + " of",
      "any kind, it goes on: jobs whose results are in the output are passed over, failed ones are",
      "tried again. Lines may also be {\"custom_id\": ..., \"body\": job without id}."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every job has its result",
      "1:some have none (see the errors), or the run broke off: run it again",
      "2:wrong usage"
    })
public final class RunBatchCommand implements Callable<Integer> {

  private static final String STANDARD = "-";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-i", "--input"},
      required = true,
      paramLabel = "FILE",
      description = "Jobs, a line each; - for standard input.")
  private String input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description =
          "Results, in the order of their completion; - for standard output, where nothing can be"
              + " resumed.")
  private String output;

  @Option(
      names = "--errors",
      paramLabel = "FILE",
      description =
          "Jobs of this run without a text: line, id, code, message, path. Default: standard"
              + " error.")
  private Optional<Path> errors = Optional.empty();

  @Mixin private CheckpointOptions checkpoint;

  @Option(
      names = "--backend",
      description = "reference, nd4j or cuda; default: the best that can start here.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--precision",
      description = "Of the matrix products: default, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.DEFAULT;

  @Option(
      names = "--max-rows",
      defaultValue = "8192",
      description = "Token rows denoised together in this process. Default: ${DEFAULT-VALUE}.")
  private int maxRows;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--in-flight",
      defaultValue = "256",
      description = "Jobs with the workers at one time. Default: ${DEFAULT-VALUE}.")
  private int inFlight;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description =
          "How long a job may be with the workers before it counts as failed. Default:"
              + " ${DEFAULT-VALUE}.")
  private long timeoutSeconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requirePositive("--max-rows", maxRows);
    requirePositive("--in-flight", inFlight);
    requirePositive("--timeout", timeoutSeconds);
    boolean sameFile = output.equals(input) && !input.equals(STANDARD);
    if (sameFile || errors.filter(file -> file.equals(Path.of(output))).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "input, output and errors must be different files");
    }
    OptionalLong total = total();
    if (output.equals(STANDARD)) {
      return run(total, LineSink.to(System.out), Set.of());
    }
    try (ResultsFile results = new ResultsFile(Path.of(output))) {
      if (results.cut() > 0) {
        say("the last line of %s was torn: %d bytes cut off".formatted(output, results.cut()));
      }
      if (!results.done().isEmpty()) {
        say("going on: %d results are there".formatted(results.done().size()));
      }
      return run(total, results::append, results.done());
    }
  }

  private void requirePositive(String option, long value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), option + " must be at least 1, but is " + value);
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  /** A file is read twice, so that the display knows its end. */
  private OptionalLong total() throws IOException {
    return input.equals(STANDARD)
        ? OptionalLong.empty()
        : OptionalLong.of(BatchInput.count(Files.newInputStream(Path.of(input))));
  }

  private int run(OptionalLong total, LineSink results, Set<String> done)
      throws IOException, InterruptedException {
    Clock clock = Clock.systemUTC();
    try (ErrorLines errorLines = ErrorLines.to(errors);
        BatchInput lines = new BatchInput(open());
        BatchRunner runner = runner(clock)) {
      BatchProgress progress =
          new BatchProgress(spec.commandLine().getErr(), isTerminal(), total, done.size(), clock);
      Endings endings = new Endings(results, errorLines, progress);
      runner.run(new JobFeed(lines, done, endings), endings);
      progress.end();
      return progress.failures() == 0 ? 0 : 1;
    }
  }

  private InputStream open() throws IOException {
    return input.equals(STANDARD) ? System.in : Files.newInputStream(Path.of(input));
  }

  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private BatchRunner runner(Clock clock) throws IOException {
    if (kafka.bootstrapServers().isPresent()) {
      return new KafkaRunner(
          kafka
              .client(kafka.bootstrapServers().get())
              .withMaxInFlight(inFlight)
              .withTimeout(Duration.ofSeconds(timeoutSeconds)));
    }
    Backend backend = Backends.open(backendName, BackendOptions.of(precision));
    try {
      return new LocalRunner(
          backend, LoadedCheckpoint.load(checkpoint.open(), backend), maxRows, clock);
    } catch (IOException | RuntimeException e) {
      backend.close();
      throw e;
    }
  }
}
