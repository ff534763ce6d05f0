package io.sedd.protocol.job;

import static io.sedd.protocol.job.Messages.job;
import static io.sedd.protocol.job.Messages.template;
import static io.sedd.protocol.job.Messages.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.JobError.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobCodecTest {

  @Test
  void aJobThatSaysLittleHasTheDefaults() {
    GenerationJob expected =
        JobDefaults.job("a", List.of(new Segment.Text("x"), new Segment.Blank(3)));
    assertEquals(expected, decode(Messages.SMALLEST_JOB).orElseThrow());
    assertEquals(64, expected.steps());
    assertEquals(PredictorName.ANALYTIC, expected.predictor());
  }

  @Test
  void everyFieldOfAJobArrives() {
    String json =
        """
        {"id": "story-17", "template": [{"tokens": [5, 6]}, {"blank": 48}, {"text": " end."}],
         "samples": 2, "steps": 32, "predictor": "euler", "temperature": 0.5, "topP": 0.9,
         "seed": 7, "priority": 1, "deadline": "2026-11-24T13:00:00+01:00",
         "queueTtl": "PT1M30S", "progressEvery": 8,
         "metadata": {"tenant": "a"}}\
        """;
    GenerationJob expected =
        new GenerationJob(
            "story-17",
            List.of(
                new Segment.Tokens(List.of(5, 6)),
                new Segment.Blank(48),
                new Segment.Text(" end.")),
            2,
            32,
            PredictorName.EULER,
            0.5,
            0.9,
            OptionalLong.of(7),
            1,
            Optional.of(Instant.parse("2026-11-24T12:00:00Z")),
            Optional.of(Duration.ofSeconds(90)),
            8,
            Map.of("tenant", "a"));
    assertEquals(expected, decode(json).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "null",
        "42",
        "\"text\"",
        "[]",
        "{",
        "{} {}",
        "{} x",
        "{'id': 1}",
        "{\"id\": \"a\",}",
        "{\"id\": NaN}",
        "{\"id\": 1e99999999999}",
        "{\"id\": 1e-99999999999}",
        "{\"\\ud800\": 1}",
        "{\"metadata\": {\"x\\udc00\": \"\"}}",
        "{\"id\": \"a\", \"id\": \"a\"}",
        "{\"template\": [{\"blank\": 1, \"blank\": 2}]}",
        "\uFEFF{}",
        "{} // comment"
      })
  void whatIsNoStrictJsonObjectIsUnreadable(String text) {
    assertEquals(Code.NOT_JSON, unreadable(utf8(text)).code());
  }

  @Test
  void aRecordInAnotherEncodingThanUtf8IsUnreadable() {
    assertEquals(
        Code.NOT_JSON,
        unreadable(Messages.SMALLEST_JOB.getBytes(StandardCharsets.UTF_16LE)).code());
    byte[] latin1 = template("[{\"text\": \"é\"}]").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(Code.NOT_JSON, unreadable(latin1).code());
  }

  @Test
  void aRecordWithoutAValueIsUnreadable() {
    assertEquals(Code.NOT_JSON, unreadable(null).code());
  }

  @Test
  void aRecordNestedDeeperThanAnyJobIsUnreadable() {
    String deep = job(", \"metadata\": " + "[".repeat(100_000) + "]".repeat(100_000));
    assertEquals(Code.NOT_JSON, unreadable(utf8(deep)).code());
  }

  @Test
  void aRecordIsReadUpToTheSizeLimitAndNotBeyond() {
    byte[] job = utf8(Messages.SMALLEST_JOB);
    assertInstanceOf(Decoded.Valid.class, JobCodec.decodeJob(job, new JobLimits(job.length)));
    byte[] oneMore = Arrays.copyOf(job, job.length + 1);
    oneMore[job.length] = ' ';
    var unreadable =
        assertInstanceOf(
            Decoded.Unreadable.class, JobCodec.decodeJob(oneMore, new JobLimits(job.length)));
    assertEquals(Code.TOO_LARGE, unreadable.error().code());
  }

  @Test
  void anUnknownFieldIsToldWithItsPathAndTheNearestKnownField() {
    JobError error = refused(template("[{\"text\": \"x\"}, {\"blnk\": 4}]")).first();
    assertEquals("$.template[1].blnk", error.path());
    assertEquals("unknown field \"blnk\"; the nearest known one is blank", error.message());
  }

  @Test
  void aValueOutOfRangeIsToldWithTheRange() {
    assertEquals(
        "must be an integer from 1 to 4096, but is 5000",
        refused(job(", \"steps\": 5000")).first().message());
  }

  @Test
  void severalErrorsAreToldAtOnceUnknownFieldsFirst() {
    List<JobError> errors =
        refused("{\"id\": \"a\", \"templte\": [], \"steps\": 0, \"topP\": 2}").errors();
    assertEquals(
        List.of("$.templte", "$.template", "$.steps", "$.topP"),
        errors.stream().map(JobError::path).toList());
  }

  @Test
  void aFloodOfErrorsIsCutOff() {
    String flood = template("[" + "{\"blank\": 0},".repeat(50_000) + "{}]");
    assertEquals(Faults.MOST, refused(flood).errors().size());
  }

  @Test
  void aRefusedJobIsAddressedByItsIdAndMetadataWhereTheyAreGood() {
    var addressed = refused(job(", \"steps\": 0, \"metadata\": {\"tenant\": \"a\"}"));
    assertEquals(Optional.of("a"), addressed.id());
    assertEquals(Map.of("tenant", "a"), addressed.metadata());
    var nameless = refused("{\"id\": \"" + "x".repeat(129) + "\", \"metadata\": {\"a\": 1}}");
    assertEquals(Optional.empty(), nameless.id());
    assertEquals(Map.of(), nameless.metadata());
  }

  @Test
  void blanksThatOverflowTogetherAreRefused() {
    String blanks = "{\"blank\": 1048576},".repeat(4096);
    JobError error = refused(template("[" + blanks + "{\"blank\": 1}]")).first();
    assertEquals(Code.TOO_LONG, error.code());
    assertEquals("$.template", error.path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": \"\\ud800\", \"template\": [{\"blank\": 1}]}",
        "{\"id\": \"a\", \"template\": [{\"text\": \"\\udc00x\"}, {\"blank\": 1}]}",
        "{\"id\": \"a\", \"template\": [{\"blank\": 1}], \"predictor\": \"\\ud800\"}"
      })
  void halfASurrogatePairIsRefusedInWordsThatCanBeSent(String json) {
    JobError error = refused(json).first();
    var result = Results.failed("a", error);
    assertEquals(result, JobCodec.decodeResult(JobCodec.encode(result)).orElseThrow());
    assertTrue(error.message().codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
  }

  @Test
  void anUnreadableRecordsReasonCanBeSent() {
    JobError error = unreadable(utf8("{\"\\ud800\": 1}"));
    var result = Results.failed("a", error);
    assertEquals(result, JobCodec.decodeResult(JobCodec.encode(result)).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e30", "1e2147483647", "-1e999999999", "1e400"})
  void aHugeNumberIsRefusedAndNotExpanded(String number) {
    assertEquals(Code.OUT_OF_RANGE, refused(job(", \"seed\": " + number)).first().code());
    assertEquals(Code.OUT_OF_RANGE, refused(job(", \"temperature\": " + number)).first().code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-2147483647", "1e-400", "0e0"})
  void aShareTooSmallForADoubleIsRefused(String number) {
    assertEquals(Code.OUT_OF_RANGE, refused(job(", \"topP\": " + number)).first().code());
  }

  private static Decoded<GenerationJob> decode(String json) {
    return JobCodec.decodeJob(utf8(json), JobLimits.defaults());
  }

  private static Decoded.Refused<GenerationJob> refused(String json) {
    if (decode(json) instanceof Decoded.Refused<GenerationJob> refused) {
      return refused;
    }
    throw new AssertionError("not refused: " + decode(json));
  }

  private static JobError unreadable(byte[] record) {
    var decoded = JobCodec.decodeJob(record, JobLimits.defaults());
    return assertInstanceOf(Decoded.Unreadable.class, decoded).error();
  }
}
