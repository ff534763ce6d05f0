package io.sedd.worker;

import io.sedd.worker.broker.KafkaSite;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import picocli.CommandLine;

/** {@code sedd worker} in a process of its own, which can be signalled. */
final class WorkerProcess implements AutoCloseable {

  private static final Pattern UP = Pattern.compile("is up; (http://\\S+)");

  private final Process process;
  private final Path output;

  private WorkerProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** What the process runs. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WorkerCommand()).execute(arguments));
  }

  /** Starts one, with the settings of {@link RunningWorker}; its output goes to a file. */
  static WorkerProcess start(KafkaSite site, Path checkpoints, Path output, String... settings)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName()));
    RunningWorker.settings(site, checkpoints, settings).forEach(s -> command.add("--set=" + s));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new WorkerProcess(process, output);
  }

  /** Waits until it says where it listens. */
  URI awaitAddress() {
    return Awaitility.await()
        .atMost(KafkaSite.LIMIT)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the worker ended: " + output());
              }
              Matcher up = UP.matcher(output());
              return up.find() ? URI.create(up.group(1)) : null;
            },
            java.util.Objects::nonNull);
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end; gives its exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(KafkaSite.LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
      throw new AssertionError("the worker does not end: " + output());
    }
    return process.exitValue();
  }

  /** All that it has printed. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
