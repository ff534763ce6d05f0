package io.sedd.protocol.job;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.JobError.Code;
import io.sedd.protocol.json.ForeignJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to a JSON object and back, strictly: UTF-8 and nothing else, no key twice, nothing after
 * the object, numbers exact.
 */
final class StrictJson {

  /** Immutable once built, and safe to share between threads. */
  private static final JsonMapper MAPPER = ForeignJson.exactMapper();

  private static final int MOST_REASON_CHARACTERS = 200;

  private StrictJson() {}

  /** The fields of an object that is being written. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** Why a record holds no JSON object. */
  static final class NoObjectException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient JobError error;

    private NoObjectException(Code code, String message) {
      super(message, null, false, false);
      this.error = new JobError(code, message, "$");
    }

    JobError error() {
      return error;
    }
  }

  /**
   * The object that the record holds.
   *
   * @param record the record's value; {@code null} for a record without one
   * @param mostBytes largest record that is looked at
   */
  static ObjectNode read(byte[] record, int mostBytes) throws NoObjectException {
    if (record == null) {
      throw notJson("the record has no value; a JSON object is expected");
    }
    if (record.length > mostBytes) {
      throw new NoObjectException(
          Code.TOO_LARGE,
          "the record has " + record.length + " bytes, but at most " + mostBytes + " are read");
    }
    JsonNode root = parse(decodeUtf8(record));
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw notJson("a JSON object is expected, but the record is " + JsonForm.of(root));
  }

  /** One object as UTF-8 JSON without line breaks. */
  static byte[] write(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      // the target is memory, so only the content can be at fault
      throw new IllegalArgumentException("the message cannot be written as JSON", e);
    }
    return out.toByteArray();
  }

  private static String decodeUtf8(byte[] record) throws NoObjectException {
    try {
      // a fresh decoder reports malformed input; left to itself Jackson would guess UTF-16
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString();
    } catch (CharacterCodingException _) {
      throw notJson("the record is not UTF-8 text");
    }
  }

  private static JsonNode parse(String text) throws NoObjectException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw notStrict(where, e.getOriginalMessage());
    } catch (NumberFormatException e) {
      // Jackson lets this one through for exponents that BigDecimal does not have
      throw notStrict("", e.getMessage());
    }
  }

  private static NoObjectException notStrict(String where, String reason) {
    return notJson(
        "the record is not one strict JSON object"
            + where
            + ": "
            + Printable.text(reason, MOST_REASON_CHARACTERS));
  }

  private static NoObjectException notJson(String message) {
    return new NoObjectException(Code.NOT_JSON, message);
  }
}
