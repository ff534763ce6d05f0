package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;

/** A JSON value in words, for "... is expected, but it is ..." messages. */
final class JsonForm {

  private static final int MOST_NUMBER_CHARACTERS = 40;

  private JsonForm() {}

  static String of(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "null";
      case BOOLEAN, NUMBER -> Printable.text(value.asText(), MOST_NUMBER_CHARACTERS);
      case STRING -> "the string " + Printable.quoted(value.textValue());
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case MISSING -> "empty";
      case BINARY, POJO ->
          throw new IllegalStateException("no parser makes " + value.getNodeType());
    };
  }
}
