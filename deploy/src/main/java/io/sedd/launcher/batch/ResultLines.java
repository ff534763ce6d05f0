package io.sedd.launcher.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.launcher.batch.BatchLine.Form;
import io.sedd.launcher.batch.BatchLine.Trouble;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import java.io.IOException;
import java.util.Optional;

/** What stands in the lines that are written, and whose result a line is. */
final class ResultLines {

  /** How every line begins, by the form of its job. */
  private static final String JOB_BEGIN = "{\"jobId\":\"";

  private static final String CUSTOM_BEGIN = "{\"custom_id\":\"";

  private final ObjectMapper mapper = new ObjectMapper();

  /** A result record, or {@code {"custom_id": ..., "body": record}}; without a line feed. */
  byte[] result(Form form, GenerationResult result) {
    byte[] record = JobCodec.encode(result);
    return switch (form) {
      case JOB -> record;
      case CUSTOM_ID -> {
        String name = new com.fasterxml.jackson.databind.node.TextNode(result.jobId()).toString();
        yield ("{\"custom_id\":" + name + ",\"body\":" + new String(record, UTF_8) + "}")
            .getBytes(UTF_8);
      }
    };
  }

  /** {@code {"line": ..., "id" or "custom_id": ..., "code", "message", "path"}}. */
  byte[] error(long number, Optional<String> id, Form form, Trouble trouble) {
    ObjectNode line = mapper.createObjectNode();
    line.put("line", number);
    id.ifPresent(name -> line.put(form == Form.JOB ? "id" : "custom_id", name));
    line.put("code", trouble.code());
    line.put("message", trouble.message());
    line.put("path", trouble.path());
    return line.toString().getBytes(UTF_8);
  }

  /** The job's id in a whole line of results, if it is one. */
  Optional<String> id(byte[] line) {
    try {
      JsonNode read = mapper.readTree(line);
      JsonNode name = read.has("custom_id") ? read.get("custom_id") : read.path("jobId");
      return Optional.of(name).filter(JsonNode::isTextual).map(JsonNode::textValue);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Whether a piece of a line can be the begin of one that was being written. */
  static boolean mayBegin(byte[] piece) {
    String text = new String(piece, UTF_8);
    return begins(text, JOB_BEGIN) || begins(text, CUSTOM_BEGIN);
  }

  private static boolean begins(String text, String begin) {
    return text.length() < begin.length() ? begin.startsWith(text) : text.startsWith(begin);
  }
}
