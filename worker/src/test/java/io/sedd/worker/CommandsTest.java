package io.sedd.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.client.SubmitCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(BrokerExtension.class)
class CommandsTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aSubmittedJobsTextsArePrinted(KafkaSite site, @TempDir Path checkpoints) throws Exception {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
    try (Worker _ = RunningWorker.start(site, checkpoints)) {
      int code =
          submit(
              site,
              "--template={\"text\": \"Once\"}",
              "--template=[{\"blank\": 4}, {\"text\": \" end\"}]",
              "--samples=2",
              "--steps=4",
              "--id=told");
      assertEquals(0, code, err::toString);
      assertEquals(2, out.toString().split("Once", -1).length - 1, out::toString);
      assertTrue(err.toString().contains("told: completed"), err::toString);
      assertTrue(err.toString().contains("first on tested"), err::toString);

      assertEquals(1, submit(site, "--template={\"blank\": 65}"), err::toString);
      assertTrue(err.toString().contains("$.template: "), err::toString);
    }
  }

  @Test
  void aJobThatNoWorkerTakesIsReportedAfterItsTime(KafkaSite site) {
    assertEquals(1, submit(site, "--template={\"blank\": 4}", "--timeout=1"));
    assertTrue(err.toString().contains("within 1 s"), err::toString);
  }

  @Test
  void aJobThatIsNotValidIsAUsageErrorAndNotSent() {
    for (String template : new String[] {"{\"blanc\": 4}", "free text", "{\"text\": \"a\"}"}) {
      assertEquals(2, execute(new SubmitCommand(), "--template=" + template), template);
    }
    assertEquals(2, execute(new SubmitCommand(), "--template={\"blank\": 4}", "--steps=5000"));
    assertTrue(err.toString().contains("$.steps"), err::toString);
  }

  @Test
  void aConfigurationThatIsNotValidIsAUsageErrorThatNamesTheKey(@TempDir Path folder)
      throws Exception {
    Path config = folder.resolve("worker.yaml");
    Files.writeString(config, "batch:\n  maxRow: 5\ncheckpoints: {folder: x}\n");
    assertEquals(2, execute(new WorkerCommand(), "--config=" + config));
    assertTrue(err.toString().contains("batch.maxRows"), err::toString);
  }

  @Test
  void aKafkaPropertyThatDeliveryDependsOnIsRefused(@TempDir Path folder) {
    int code =
        execute(
            new WorkerCommand(),
            "--set=checkpoints.folder=" + folder,
            "--set=kafka.bootstrap.servers=localhost:1",
            "--set=kafka.isolation.level=read_uncommitted");
    assertEquals(2, code);
    assertTrue(err.toString().contains("[isolation.level]"), err::toString);
  }

  private int submit(KafkaSite site, String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--bootstrap-servers=" + site.bootstrapServers();
    all[arguments.length + 1] = "--jobs-topic=" + site.topics().jobs();
    all[arguments.length + 2] = "--results-topic=" + site.topics().results();
    all[arguments.length + 3] = "--dead-letters-topic=" + site.topics().deadLetters();
    return execute(new SubmitCommand(), all);
  }

  private int execute(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
