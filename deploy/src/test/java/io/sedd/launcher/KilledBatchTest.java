package io.sedd.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch of 1,000 jobs whose process is killed in the middle and started again. */
class KilledBatchTest {

  private static final int JOBS = 1000;
  private static final int KILLED_AFTER = 300;

  @TempDir Path folder;
  private Path results;
  private Path checkpoints;

  @BeforeEach
  void writeJobsAndACheckpoint() throws IOException {
    checkpoints = folder.resolve("checkpoints");
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "tiny", 1);
    results = folder.resolve("results.jsonl");
    Files.write(
        folder.resolve("jobs.jsonl"),
        IntStream.range(0, JOBS)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? "{\"id\": \"job-%d\", \"template\": [{\"blank\": 6}], \"steps\": 12}"
                            .formatted(i)
                        : "{\"custom_id\": \"job-%d\", \"body\": {\"template\": [{\"blank\": 6}], \"steps\": 12}}"
                            .formatted(i))
            .toList());
  }

  private SeddProcess start(List<String> more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run-batch",
                "-i" + folder.resolve("jobs.jsonl"),
                "-o" + results,
                "--errors=" + folder.resolve("errors.jsonl")));
    arguments.addAll(more);
    return new SeddProcess(folder.resolve("log"), arguments);
  }

  private int lines() {
    try {
      return Files.exists(results)
          ? (int) Files.readString(results).chars().filter(c -> c == '\n').count()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void killAndGoOn(List<String> more) throws Exception {
    try (SeddProcess first = start(more)) {
      first.await(() -> lines() >= KILLED_AFTER);
      first.kill();
      assertTrue(lines() >= KILLED_AFTER && lines() < JOBS, lines() + ": " + first.printed());
    }
    // as a kill in the middle of a write leaves it
    try (RandomAccessFile file = new RandomAccessFile(results.toFile(), "rw")) {
      file.setLength(file.length() - 5);
    }
    try (SeddProcess second = start(more)) {
      assertEquals(0, second.exitCode(), second.printed());
      assertTrue(second.printed().contains("torn"), second.printed());
      assertTrue(second.printed().contains("going on"), second.printed());
    }
    List<String> ids = Files.readAllLines(results).stream().map(KilledBatchTest::id).toList();
    assertEquals(JOBS, ids.size());
    Set<String> wanted =
        IntStream.range(0, JOBS).mapToObj(i -> "job-" + i).collect(Collectors.toSet());
    assertEquals(new TreeSet<>(wanted), new TreeSet<>(ids));
    assertEquals("", Files.readString(folder.resolve("errors.jsonl")));
  }

  private static String id(String line) {
    try {
      var read = new ObjectMapper().readTree(line);
      return read.path(read.has("custom_id") ? "custom_id" : "jobId").textValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBatchInThisProcessHasEachResultOnce() throws Exception {
    killAndGoOn(List.of("--backend=reference", "--checkpoint=" + checkpoints, "--max-rows=192"));
  }

  @Test
  void aBatchThroughKafkaHasEachResultOnce() throws Exception {
    JobTopics topics = JobTopics.defaults();
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder.resolve("broker"))) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicCreation.create(
            admin,
            Map.of(
                topics.jobs(), 2,
                topics.results(), 2,
                topics.progress(), 1,
                topics.control(), 1,
                topics.deadLetters(), 1));
      }
      try (SeddProcess _ =
          new SeddProcess(
              folder.resolve("worker.log"),
              List.of(
                  "worker",
                  "--set=kafka.bootstrap.servers=" + broker.bootstrapServers(),
                  "--set=checkpoints.folder=" + checkpoints,
                  "--set=backend.name=reference",
                  "--set=http.port=0"))) {
        killAndGoOn(List.of("--bootstrap=" + broker.bootstrapServers(), "--in-flight=64"));
      }
    }
  }
}
