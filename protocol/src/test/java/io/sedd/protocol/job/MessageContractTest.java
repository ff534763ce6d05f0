package io.sedd.protocol.job;

import static io.sedd.protocol.job.Messages.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sedd.protocol.job.JobError.Code;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec and the schema files say the same of results, progress and cancellations. */
class MessageContractTest {

  private static final SchemaFiles SCHEMAS = new SchemaFiles();

  @ParameterizedTest
  @MethodSource("goodMessages")
  void codecAndSchemaTakeEveryGoodMessage(String schema, String json) {
    assertInstanceOf(Decoded.Valid.class, decode(schema, json), json);
    assertEquals(List.of(), SCHEMAS.errors(schema, json));
  }

  @ParameterizedTest
  @MethodSource("badMessages")
  void codecAndSchemaRefuseEveryBadMessage(String schema, String json, Code code, String path) {
    var refused = assertInstanceOf(Decoded.Refused.class, decode(schema, json), json);
    assertEquals(code, refused.first().code(), refused.first().toString());
    assertEquals(path, refused.first().path());
    assertFalse(SCHEMAS.errors(schema, json).isEmpty(), "the schema takes " + json);
  }

  static Stream<Arguments> goodMessages() {
    return Stream.of(
        arguments("generation-result", Messages.RESULT),
        arguments("generation-result", Messages.FAILED_RESULT),
        arguments("generation-result", Messages.RESULT.replace("completed", "cancelled")),
        arguments("generation-result", Messages.RESULT.replace("completed", "expired")),
        arguments("job-progress", Messages.PROGRESS),
        arguments("job-cancellation", "{\"jobId\": \"a\"}"));
  }

  static Stream<Arguments> badMessages() {
    return Stream.of(badResults(), badEvents()).flatMap(s -> s);
  }

  private static Stream<Arguments> badResults() {
    return Stream.of(
        result("\"jobId\": \"a\", ", "", Code.MISSING_FIELD, "$.jobId"),
        result("\"worker\"", "\"wroker\"", Code.UNKNOWN_FIELD, "$.wroker"),
        result("\"completed\"", "\"done\"", Code.OUT_OF_RANGE, "$.outcome"),
        result("\"completed\"", "\"failed\"", Code.MISSING_FIELD, "$.error"),
        result("\"tokens\": [1, 2]", "\"tokens\": [1, 2.5]", Code.WRONG_TYPE, at("tokens[1]")),
        result("\"index\": 0", "\"index\": -1", Code.OUT_OF_RANGE, at("index")),
        result("-9223372036854775808", "-9223372036854775809", Code.OUT_OF_RANGE, at("seed")),
        result("\"0f0f", "\"0F0f", Code.OUT_OF_RANGE, "$.checkpoint.sha256"),
        result("\"name\": \"step-1\", ", "", Code.MISSING_FIELD, "$.checkpoint.name"),
        result("\"steps\": 4", "\"steps\": -4", Code.OUT_OF_RANGE, "$.steps"),
        result("\"queueMillis\": 1", "\"queueMillis\": null", Code.WRONG_TYPE, "$.queueMillis"),
        result("{\"k\": \"v\"}", "{\"k\": 1}", Code.WRONG_TYPE, "$.metadata.k"),
        arguments(
            "generation-result",
            Messages.FAILED_RESULT.replace("no_blank", "NO_BLANK"),
            Code.OUT_OF_RANGE,
            "$.error.code"),
        arguments(
            "generation-result",
            Messages.FAILED_RESULT.replace("failed", "expired"),
            Code.UNKNOWN_FIELD,
            "$.error"));
  }

  private static Stream<Arguments> badEvents() {
    return Stream.of(
        arguments("job-cancellation", "{}", Code.MISSING_FIELD, "$.jobId"),
        arguments("job-cancellation", "{\"jobId\": \"\"}", Code.OUT_OF_RANGE, "$.jobId"),
        arguments("job-cancellation", "{\"id\": \"a\"}", Code.UNKNOWN_FIELD, "$.id"),
        arguments(
            "job-progress",
            Messages.PROGRESS.replace("\"steps\": 4", "\"steps\": 0"),
            Code.OUT_OF_RANGE,
            "$.steps"),
        arguments(
            "job-progress",
            Messages.PROGRESS.replace("\"a__\"", "null"),
            Code.WRONG_TYPE,
            "$.text"));
  }

  private static Arguments result(String good, String bad, Code code, String path) {
    return arguments("generation-result", Messages.RESULT.replace(good, bad), code, path);
  }

  private static String at(String field) {
    return "$.samples[0]." + field;
  }

  private static Decoded<?> decode(String schema, String json) {
    return switch (schema) {
      case "generation-result" -> JobCodec.decodeResult(utf8(json));
      case "job-progress" -> JobCodec.decodeProgress(utf8(json));
      default -> JobCodec.decodeCancellation(utf8(json), JobLimits.defaults());
    };
  }
}
