package io.sedd.protocol.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobError.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the encoders write is valid by the schema files and comes back the same. */
class EncodingTest {

  private static final SchemaFiles SCHEMAS = new SchemaFiles();
  private static final List<Segment> TEMPLATE =
      List.of(
          new Segment.Text("\"quoted\" \\ \n é 😀 \u0000"),
          new Segment.Tokens(List.of(0, Integer.MAX_VALUE)),
          new Segment.Blank(7));

  @Test
  void aJobWithEverythingComesBack() {
    GenerationJob job =
        new GenerationJob(
            "😀",
            TEMPLATE,
            64,
            4096,
            PredictorName.EULER,
            0.1,
            0.30000000000000004,
            OptionalLong.of(Long.MIN_VALUE),
            9,
            Optional.of(Instant.parse("2026-11-24T12:00:00.000000001Z")),
            Optional.of(Duration.ofDays(99_999_999).plusNanos(1)),
            4096,
            Map.of("b", "2", "a", "1"));
    byte[] record = JobCodec.encode(job);
    assertValid("generation-job", record);
    assertEquals(job, JobCodec.decodeJob(record, JobLimits.defaults()).orElseThrow());
  }

  @Test
  void aJobWithDefaultsComesBack() {
    GenerationJob job = JobDefaults.job("a", TEMPLATE);
    byte[] record = JobCodec.encode(job);
    assertValid("generation-job", record);
    assertEquals(job, JobCodec.decodeJob(record, JobLimits.defaults()).orElseThrow());
  }

  @Test
  void aJobThatBreaksTheContractIsNotWritten() {
    GenerationJob noBlank = JobDefaults.job("a", List.of(new Segment.Text("x")));
    var thrown = assertThrows(IllegalArgumentException.class, () -> JobCodec.encode(noBlank));
    assertTrue(thrown.getMessage().startsWith("$.template: "), thrown.getMessage());
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void aResultOfEveryOutcomeComesBack(Outcome outcome) {
    boolean failed = outcome == Outcome.FAILED;
    GenerationResult result =
        new GenerationResult(
            "a",
            outcome,
            List.of(
                new Sample("é\n", List.of(1, 2), Long.MAX_VALUE, 0),
                new Sample("_", List.of(9), Long.MIN_VALUE, 1, List.of(0))),
            failed ? Optional.empty() : Optional.of(new CheckpointName("s", "a1".repeat(32))),
            64,
            Long.MAX_VALUE,
            1,
            2,
            "worker-0",
            Map.of("tenant", "a"),
            failed ? Optional.of(new JobError(Code.INTERNAL, "why", "$")) : Optional.empty());
    byte[] record = JobCodec.encode(result);
    assertValid("generation-result", record);
    assertEquals(result, JobCodec.decodeResult(record).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void everyErrorCodeComesBack(Code code) {
    GenerationResult result = Results.failed("a", new JobError(code, "why", "$.template[0]"));
    byte[] record = JobCodec.encode(result);
    assertValid("generation-result", record);
    assertEquals(result, JobCodec.decodeResult(record).orElseThrow());
  }

  @Test
  void onlyAFailedResultHasAnError() {
    JobError error = new JobError(Code.INTERNAL, "why", "$");
    GenerationResult failed = Results.failed("a", error);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new GenerationResult(
                "a",
                Outcome.EXPIRED,
                failed.samples(),
                failed.checkpoint(),
                0,
                0,
                0,
                0,
                "w",
                Map.of(),
                Optional.of(error)));
  }

  @Test
  void progressComesBack() {
    JobProgress progress = new JobProgress("a", 1, 2, 64, 30, "Once ____");
    byte[] record = JobCodec.encode(progress);
    assertValid("job-progress", record);
    assertEquals(progress, JobCodec.decodeProgress(record).orElseThrow());
  }

  @Test
  void aCancellationComesBack() {
    JobCancellation cancellation = new JobCancellation("a");
    byte[] record = JobCodec.encode(cancellation);
    assertValid("job-cancellation", record);
    assertEquals(
        cancellation, JobCodec.decodeCancellation(record, JobLimits.defaults()).orElseThrow());
  }

  @Test
  void theSameMessageIsAlwaysTheSameBytes() {
    Map<String, String> metadata = Map.of("a", "1", "b", "2", "c", "3", "d", "4");
    GenerationJob plain = JobDefaults.job("a", TEMPLATE);
    GenerationJob job =
        new GenerationJob(
            plain.id(),
            plain.template(),
            1,
            64,
            plain.predictor(),
            1,
            1,
            plain.seed(),
            5,
            plain.deadline(),
            plain.queueTtl(),
            0,
            metadata);
    String json = new String(JobCodec.encode(job), StandardCharsets.UTF_8);
    assertTrue(json.endsWith("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\"}}"), json);
    assertFalse(json.contains("\n"), json);
  }

  private static void assertValid(String schema, byte[] record) {
    String json = new String(record, StandardCharsets.UTF_8);
    assertEquals(List.of(), SCHEMAS.errors(schema, json), json);
  }
}
