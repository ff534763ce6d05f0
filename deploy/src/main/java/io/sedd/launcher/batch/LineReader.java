package io.sedd.launcher.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sedd.launcher.batch.BatchLine.Form;
import io.sedd.launcher.batch.BatchLine.Trouble;
import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobLimits;
import io.sedd.protocol.json.ForeignJson;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Bytes of a line to what it is, by the same strict codec that workers read with. */
final class LineReader {

  /**
   * What an envelope may have; {@code method} and {@code url} say nothing here, and are let pass
   * since files of other services have them.
   */
  private static final Set<String> ENVELOPE = Set.of("custom_id", "body", "method", "url");

  private final ObjectMapper mapper = ForeignJson.exactMapper();

  BatchLine read(long number, byte[] line) {
    return envelope(line)
        .map(envelope -> opened(number, envelope))
        .orElseGet(() -> decoded(number, line, Form.JOB));
  }

  /** The line as an envelope, if it has the mark of one; else it is for the codec to judge. */
  private Optional<ObjectNode> envelope(byte[] line) {
    try {
      return mapper.readTree(line) instanceof ObjectNode object && object.has("custom_id")
          ? Optional.of(object)
          : Optional.empty();
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private BatchLine opened(long number, ObjectNode envelope) {
    JsonNode name = envelope.get("custom_id");
    for (String field : (Iterable<String>) envelope::fieldNames) {
      if (!ENVELOPE.contains(field)) {
        return faulty(
            number,
            name,
            JobError.Code.UNKNOWN_FIELD,
            "$." + field,
            "beside custom_id and body there may be method and url alone");
      }
    }
    if (!(name instanceof TextNode)) {
      return faulty(
          number, name, JobError.Code.WRONG_TYPE, "$.custom_id", "custom_id must be a text");
    }
    if (!(envelope.get("body") instanceof ObjectNode body)) {
      return faulty(
          number, name, JobError.Code.WRONG_TYPE, "$.body", "body must be an object: the job");
    }
    if (body.has("id") && !body.get("id").equals(name)) {
      return faulty(
          number,
          name,
          JobError.Code.OUT_OF_RANGE,
          "$.body.id",
          "the custom_id is the job's id; leave id out");
    }
    ObjectNode job = mapper.createObjectNode();
    job.set("id", name);
    job.setAll(body);
    return decoded(number, job.toString().getBytes(UTF_8), Form.CUSTOM_ID);
  }

  private static BatchLine faulty(
      long number, JsonNode name, JobError.Code code, String path, String message) {
    return new BatchLine.Faulty(
        number,
        Optional.ofNullable(name).filter(JsonNode::isTextual).map(JsonNode::textValue),
        Form.CUSTOM_ID,
        new Trouble(code.wireName(), message, path));
  }

  private static BatchLine decoded(long number, byte[] job, Form form) {
    return switch (JobCodec.decodeJob(job, JobLimits.defaults())) {
      case Decoded.Valid<GenerationJob>(GenerationJob wanted) ->
          new BatchLine.Wanted(number, wanted, form);
      case Decoded.Refused<GenerationJob> refused ->
          new BatchLine.Faulty(number, refused.id(), form, trouble(refused.first(), form));
      case Decoded.Unreadable<GenerationJob>(JobError error) ->
          new BatchLine.Faulty(number, Optional.empty(), form, trouble(error, form));
    };
  }

  /** An error of the codec, its path as the line has it. */
  static Trouble trouble(JobError error, Form form) {
    String path =
        switch (form) {
          case JOB -> error.path();
          case CUSTOM_ID ->
              error.path().equals("$.id") ? "$.custom_id" : "$.body" + error.path().substring(1);
        };
    return new Trouble(error.code().wireName(), error.message(), path);
  }
}
