package io.sedd.worker.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.RunningWorker;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documentation, run as their readers run them. */
@ExtendWith(BrokerExtension.class)
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "docs", "examples").toAbsolutePath();

  @TempDir Path folder;

  /** What a program printed, after it ended well. */
  private List<String> printed(List<String> command) throws IOException, InterruptedException {
    File log = folder.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    if (!process.waitFor(KafkaSite.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String text = Files.readString(log.toPath());
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }

  private static String prefix(KafkaSite site) {
    return site.topics().jobs().replaceFirst("\\.jobs$", "");
  }

  private Worker worker(KafkaSite site) throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    return RunningWorker.start(site, checkpoints);
  }

  @Test
  void theJavaExamplePrintsATextForEachJob(KafkaSite site) throws Exception {
    try (Worker _ = worker(site)) {
      // from its source, with the class path of this test
      List<String> printed =
          printed(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                  "-cp",
                  System.getProperty("java.class.path"),
                  EXAMPLES.resolve("FillBlanks.java").toString(),
                  site.bootstrapServers(),
                  prefix(site)));
      for (String begin : List.of("Once", "One day", "The dog")) {
        assertTrue(printed.stream().anyMatch(line -> line.startsWith(begin)), printed::toString);
      }
    }
  }

  @Test
  void thePythonExamplePrintsItsText(KafkaSite site) throws Exception {
    Optional<String> python =
        Stream.of("python3", "/usr/bin/python3").filter(ExamplesTest::hasKafka).findFirst();
    Assumptions.assumeTrue(
        python.isPresent(),
        "the Python example is not run: its Kafka library is missing; install the package"
            + " python3-confluent-kafka (.ci/tools does)");
    try (Worker _ = worker(site)) {
      List<String> printed =
          printed(
              List.of(
                  python.get(),
                  EXAMPLES.resolve("fill_blanks.py").toString(),
                  site.bootstrapServers(),
                  prefix(site)));
      assertTrue(printed.getFirst().startsWith("The dog was"), printed::toString);
    }
  }

  private static boolean hasKafka(String python) {
    List<String> command = new ArrayList<>(List.of(python, "-c", "import confluent_kafka"));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException _) {
      return false; // there is no such Python
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
