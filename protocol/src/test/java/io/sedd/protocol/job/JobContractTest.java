package io.sedd.protocol.job;

import static io.sedd.protocol.job.Messages.job;
import static io.sedd.protocol.job.Messages.template;
import static io.sedd.protocol.job.Messages.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sedd.protocol.job.JobError.Code;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec and the schema file say the same of every job in the tables. */
class JobContractTest {

  private static final SchemaFiles SCHEMAS = new SchemaFiles();

  @ParameterizedTest
  @MethodSource("goodJobs")
  void codecAndSchemaTakeEveryGoodJob(String json) {
    assertInstanceOf(
        Decoded.Valid.class, JobCodec.decodeJob(utf8(json), JobLimits.defaults()), json);
    assertEquals(List.of(), SCHEMAS.errors("generation-job", json));
  }

  @ParameterizedTest
  @MethodSource("badJobs")
  void codecAndSchemaRefuseEveryBadJob(String json, Code code, String path) {
    var refused =
        assertInstanceOf(
            Decoded.Refused.class, JobCodec.decodeJob(utf8(json), JobLimits.defaults()), json);
    assertEquals(code, refused.first().code(), refused.first().toString());
    assertEquals(path, refused.first().path());
    assertFalse(SCHEMAS.errors("generation-job", json).isEmpty(), "the schema takes " + json);
  }

  static Stream<String> goodJobs() {
    return Stream.of(
        Messages.SMALLEST_JOB,
        template("[{\"blank\": 1}]"),
        template("[{\"blank\": 1048576}]"),
        template("[{\"text\": \"\"}, {\"tokens\": []}, {\"blank\": 1}]"),
        template("[{\"tokens\": [0, 2147483647]}, {\"blank\": 2}, {\"blank\": 2}]"),
        "{\"id\": \"" + "é".repeat(128) + "\", \"template\": [{\"blank\": 1}]}",
        "{\"id\": \"" + "😀".repeat(128) + "\", \"template\": [{\"blank\": 1}]}",
        job(", \"samples\": 1, \"steps\": 1, \"priority\": 1, \"progressEvery\": 0"),
        job(", \"samples\": 64, \"steps\": 4096, \"priority\": 9, \"progressEvery\": 4096"),
        job(", \"steps\": 64.0, \"samples\": 2e1"),
        job(", \"predictor\": \"euler\""),
        job(", \"temperature\": 0.000001, \"topP\": 0.0000001"),
        job(", \"temperature\": 100, \"topP\": 1.0"),
        job(", \"seed\": -9223372036854775808"),
        job(", \"seed\": 9223372036854775807"),
        job(", \"deadline\": \"2026-11-24T12:00:00Z\""),
        job(", \"deadline\": \"2026-11-24T12:00:00.123456789+05:30\""),
        job(", \"queueTtl\": \"PT0.000000001S\""),
        job(", \"queueTtl\": \"P99999999DT99999999H99999999M99999999.999999999S\""),
        job(", \"queueTtl\": \"P1D\""),
        job(", \"queueTtl\": \"PT2H30M\""),
        job(", \"metadata\": {}"),
        job(", \"metadata\": " + metadata(32, 256, 4096)));
  }

  static Stream<Arguments> badJobs() {
    return Stream.of(
            missingAndUnknown(),
            wrongTypes(),
            wrongDurations(),
            wrongTemplates(),
            outOfRange(),
            badMetadata())
        .flatMap(s -> s);
  }

  private static Stream<Arguments> missingAndUnknown() {
    return Stream.of(
        arguments("{}", Code.MISSING_FIELD, "$.id"),
        arguments("{\"template\": [{\"blank\": 1}]}", Code.MISSING_FIELD, "$.id"),
        arguments("{\"id\": \"a\"}", Code.MISSING_FIELD, "$.template"),
        arguments(job(", \"step\": 4"), Code.UNKNOWN_FIELD, "$.step"),
        arguments(job(", \"a b\": 4"), Code.UNKNOWN_FIELD, "$['a b']"),
        arguments(template("[{\"blnk\": 4}]"), Code.UNKNOWN_FIELD, "$.template[0].blnk"),
        arguments(
            template("[{\"text\": \"\"}, {\"blank\": 4, \"x\": 1}]"),
            Code.UNKNOWN_FIELD,
            "$.template[1].x"));
  }

  private static Stream<Arguments> wrongTypes() {
    return Stream.of(
        arguments("{\"id\": 7, \"template\": [{\"blank\": 1}]}", Code.WRONG_TYPE, "$.id"),
        arguments(job(", \"steps\": \"64\""), Code.WRONG_TYPE, "$.steps"),
        arguments(job(", \"steps\": 64.5"), Code.WRONG_TYPE, "$.steps"),
        arguments(job(", \"steps\": null"), Code.WRONG_TYPE, "$.steps"),
        arguments(job(", \"samples\": true"), Code.WRONG_TYPE, "$.samples"),
        arguments(job(", \"seed\": 1.5"), Code.WRONG_TYPE, "$.seed"),
        arguments(job(", \"seed\": \"1\""), Code.WRONG_TYPE, "$.seed"),
        arguments(job(", \"temperature\": \"hot\""), Code.WRONG_TYPE, "$.temperature"),
        arguments(job(", \"topP\": []"), Code.WRONG_TYPE, "$.topP"),
        arguments(job(", \"predictor\": 1"), Code.WRONG_TYPE, "$.predictor"),
        arguments(job(", \"deadline\": 1795521600"), Code.WRONG_TYPE, "$.deadline"),
        arguments(job(", \"deadline\": \"tomorrow\""), Code.WRONG_TYPE, "$.deadline"),
        arguments(job(", \"deadline\": \"2026-11-24T12:00:00\""), Code.WRONG_TYPE, "$.deadline"),
        arguments(job(", \"deadline\": \"2026-11-24T12:00Z\""), Code.WRONG_TYPE, "$.deadline"),
        arguments(job(", \"deadline\": \"2026-02-30T12:00:00Z\""), Code.WRONG_TYPE, "$.deadline"),
        arguments(job(", \"deadline\": \"2026-11-24T24:00:00Z\""), Code.WRONG_TYPE, "$.deadline"));
  }

  private static Stream<Arguments> wrongDurations() {
    return Stream.of(
            "\"\"",
            "\"P\"",
            "\"PT\"",
            "\"P1DT\"",
            "\"PT0S\"",
            "\"-PT1S\"",
            "\"PT-1S\"",
            "\"pt1s\"",
            "\"P1M\"",
            "\"PT1S1M\"",
            "\"PT100000000S\"",
            "\"PT1.S\"",
            "\"30s\"",
            "30",
            "null")
        .map(value -> arguments(job(", \"queueTtl\": " + value), Code.WRONG_TYPE, "$.queueTtl"));
  }

  private static Stream<Arguments> wrongTemplates() {
    return Stream.of(
        arguments(template("{}"), Code.WRONG_TYPE, "$.template"),
        arguments(template("\"x\""), Code.WRONG_TYPE, "$.template"),
        arguments(template("[]"), Code.EMPTY_TEMPLATE, "$.template"),
        arguments(template("[{\"text\": \"x\"}]"), Code.NO_BLANK, "$.template"),
        arguments(template("[{\"blank\": 1}, \"x\"]"), Code.WRONG_TYPE, "$.template[1]"),
        arguments(template("[{}]"), Code.MISSING_FIELD, "$.template[0]"),
        arguments(template("[{\"text\": \"x\", \"blank\": 1}]"), Code.WRONG_TYPE, "$.template[0]"),
        arguments(template("[{\"blank\": 0}]"), Code.OUT_OF_RANGE, "$.template[0].blank"),
        arguments(template("[{\"blank\": 1048577}]"), Code.OUT_OF_RANGE, "$.template[0].blank"),
        arguments(template("[{\"blank\": \"3\"}]"), Code.WRONG_TYPE, "$.template[0].blank"),
        arguments(
            template("[{\"text\": 1}, {\"blank\": 1}]"), Code.WRONG_TYPE, "$.template[0].text"),
        arguments(
            template("[{\"tokens\": 1}, {\"blank\": 1}]"), Code.WRONG_TYPE, "$.template[0].tokens"),
        arguments(
            template("[{\"tokens\": [1, \"2\"]}, {\"blank\": 1}]"),
            Code.WRONG_TYPE,
            "$.template[0].tokens[1]"),
        arguments(
            template("[{\"tokens\": [1, 2, -1]}, {\"blank\": 1}]"),
            Code.OUT_OF_RANGE,
            "$.template[0].tokens[2]"),
        arguments(
            template("[{\"tokens\": [2147483648]}, {\"blank\": 1}]"),
            Code.OUT_OF_RANGE,
            "$.template[0].tokens[0]"));
  }

  private static Stream<Arguments> outOfRange() {
    String longId = "{\"id\": \"" + "x".repeat(129) + "\", \"template\": [{\"blank\": 1}]}";
    return Stream.of(
        arguments("{\"id\": \"\", \"template\": [{\"blank\": 1}]}", Code.OUT_OF_RANGE, "$.id"),
        arguments(longId, Code.OUT_OF_RANGE, "$.id"),
        arguments(job(", \"steps\": 0"), Code.OUT_OF_RANGE, "$.steps"),
        arguments(job(", \"steps\": 4097"), Code.OUT_OF_RANGE, "$.steps"),
        arguments(job(", \"steps\": 4294967360"), Code.OUT_OF_RANGE, "$.steps"),
        arguments(job(", \"samples\": 0"), Code.OUT_OF_RANGE, "$.samples"),
        arguments(job(", \"samples\": 65"), Code.OUT_OF_RANGE, "$.samples"),
        arguments(job(", \"priority\": 0"), Code.OUT_OF_RANGE, "$.priority"),
        arguments(job(", \"priority\": 10"), Code.OUT_OF_RANGE, "$.priority"),
        arguments(job(", \"progressEvery\": -1"), Code.OUT_OF_RANGE, "$.progressEvery"),
        arguments(job(", \"progressEvery\": 4097"), Code.OUT_OF_RANGE, "$.progressEvery"),
        arguments(job(", \"temperature\": 0"), Code.OUT_OF_RANGE, "$.temperature"),
        arguments(job(", \"temperature\": -1"), Code.OUT_OF_RANGE, "$.temperature"),
        arguments(job(", \"temperature\": 100.5"), Code.OUT_OF_RANGE, "$.temperature"),
        arguments(job(", \"temperature\": 1e400"), Code.OUT_OF_RANGE, "$.temperature"),
        arguments(job(", \"topP\": 0"), Code.OUT_OF_RANGE, "$.topP"),
        arguments(job(", \"topP\": 1.0001"), Code.OUT_OF_RANGE, "$.topP"),
        arguments(job(", \"seed\": 9223372036854775808"), Code.OUT_OF_RANGE, "$.seed"),
        arguments(job(", \"seed\": 1000000000000000000000"), Code.OUT_OF_RANGE, "$.seed"),
        arguments(job(", \"predictor\": \"Euler\""), Code.OUT_OF_RANGE, "$.predictor"));
  }

  private static Stream<Arguments> badMetadata() {
    return Stream.of(
        arguments(job(", \"metadata\": []"), Code.WRONG_TYPE, "$.metadata"),
        arguments(job(", \"metadata\": {\"a\": 1}"), Code.WRONG_TYPE, "$.metadata.a"),
        arguments(job(", \"metadata\": {\"\": \"1\"}"), Code.OUT_OF_RANGE, "$.metadata['']"),
        arguments(job(", \"metadata\": " + metadata(33, 4, 4)), Code.OUT_OF_RANGE, "$.metadata"),
        arguments(
            job(", \"metadata\": " + metadata(1, 257, 4)),
            Code.OUT_OF_RANGE,
            "$.metadata['" + "0".repeat(80) + "…']"),
        arguments(
            job(", \"metadata\": " + metadata(1, 4, 4097)),
            Code.OUT_OF_RANGE,
            "$.metadata['0000']"));
  }

  private static String metadata(int entries, int keyCharacters, int valueCharacters) {
    String value = "v".repeat(valueCharacters);
    return IntStream.range(0, entries)
        .mapToObj(i -> "\"" + ("%0" + keyCharacters + "d").formatted(i) + "\": \"" + value + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
