package io.sedd.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sedd run-batch} in this process, with a tiny checkpoint. */
class RunBatchTest {

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private Path checkpoints;

  private int run(String... arguments) {
    CommandLine commandLine = Sedd.commandLine();
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private int runFiles() {
    return run(
        "run-batch",
        "-i" + folder.resolve("jobs.jsonl"),
        "-o" + folder.resolve("results.jsonl"),
        "--errors=" + folder.resolve("errors.jsonl"),
        "--backend=reference",
        "--checkpoint=" + checkpoints,
        "--max-rows=64");
  }

  @BeforeEach
  void publishACheckpoint() throws IOException {
    checkpoints = folder.resolve("checkpoints");
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "tiny", 1);
  }

  private List<JsonNode> lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file)).stream().map(RunBatchTest::json).toList();
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void jobsOfBothFormsEndAsResultsAndWhatIsWrongAsErrors() throws IOException {
    Files.writeString(
        folder.resolve("jobs.jsonl"),
        """
        {"id": "plain", "template": [{"text": "Once"}, {"blank": 6}], "steps": 3, "samples": 2, "seed": 7, "metadata": {"k": "v"}}
        {"custom_id": "mine", "method": "POST", "url": "/v1", "body": {"template": [{"blank": 5}], "steps": 2}}

        no json
        {"custom_id": "long", "body": {"template": [{"blank": 65}]}}
        {"id": "late", "template": [{"blank": 4}], "deadline": "2020-01-01T00:00:00Z"}
        {"id": "plain", "template": [{"blank": 4}]}
        """);
    assertEquals(1, runFiles(), err::toString);

    List<JsonNode> results = lines("results.jsonl");
    assertEquals(2, results.size());
    JsonNode mine =
        results.stream().filter(line -> line.has("custom_id")).findFirst().orElseThrow();
    assertEquals("mine", mine.path("custom_id").textValue());
    assertEquals("completed", mine.path("body").path("outcome").textValue());
    JsonNode plain = results.stream().filter(line -> line.has("jobId")).findFirst().orElseThrow();
    GenerationResult result = JobCodec.decodeResult(plain.toString().getBytes(UTF_8)).orElseThrow();
    assertEquals(2, result.samples().size());
    assertEquals("v", result.metadata().get("k"));
    assertTrue(result.samples().getFirst().text().startsWith("Once"), result::toString);
    assertEquals("tiny", result.checkpoint().orElseThrow().name());

    assertEquals(
        List.of("4 not_json $", "5 too_long $.body.template", "6 expired $", "7 duplicate_id $.id"),
        lines("errors.jsonl").stream()
            .map(
                line ->
                    "%d %s %s"
                        .formatted(
                            line.path("line").intValue(),
                            line.path("code").textValue(),
                            line.path("path").textValue()))
            .sorted()
            .toList());
    assertTrue(err.toString().contains("2 results, 4 failed"), err::toString);
  }

  @Test
  void whatIsDoneIsPassedOverAndWhatFailedIsTriedAgain() throws IOException {
    Path jobs = folder.resolve("jobs.jsonl");
    String good = "{\"id\": \"%s\", \"template\": [{\"blank\": 4}], \"steps\": 2}\n";
    Files.writeString(jobs, good.formatted("a") + "{\"id\": \"b\", \"template\": []}\n");
    assertEquals(1, runFiles(), err::toString);
    String first = Files.readString(folder.resolve("results.jsonl"));

    Files.writeString(jobs, good.formatted("a") + good.formatted("b"));
    assertEquals(0, runFiles(), err::toString);
    String second = Files.readString(folder.resolve("results.jsonl"));
    assertTrue(second.startsWith(first), "what was there is untouched");
    assertEquals(2, lines("results.jsonl").size());
    assertEquals(List.of(), lines("errors.jsonl"));
    assertTrue(err.toString().contains("going on: 1 results are there"), err::toString);
    assertTrue(err.toString().contains("2 results (1 of an earlier run), 0 failed"), err::toString);
  }

  @Test
  void aDashIsStandardInputAndOutput() {
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try {
      System.setIn(
          new ByteArrayInputStream(
              "{\"id\": \"ä\", \"template\": [{\"blank\": 4}], \"steps\": 2}".getBytes(UTF_8)));
      System.setOut(new PrintStream(written, true, java.nio.charset.StandardCharsets.US_ASCII));
      assertEquals(
          0,
          run("run-batch", "-i-", "-o-", "--backend=reference", "--checkpoint=" + checkpoints),
          err::toString);
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    String line = written.toString(UTF_8);
    assertEquals("ä", json(line).path("jobId").textValue(), line);
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingIsWritten() throws IOException {
    Path jobs = Files.writeString(folder.resolve("jobs.jsonl"), "");
    assertEquals(2, run("run-batch", "-i" + jobs, "-o" + jobs));
    assertEquals(2, run("run-batch", "-i" + jobs, "-ox", "--max-rows=0"));
    assertEquals(1, run("run-batch", "-i" + folder.resolve("none"), "-o-"));
    assertTrue(err.toString().contains("none"), err::toString);
    Path diary = Files.writeString(folder.resolve("diary"), "dear diary\n");
    assertEquals(1, run("run-batch", "-i" + jobs, "-o" + diary));
    assertEquals("dear diary\n", Files.readString(diary));
  }
}
