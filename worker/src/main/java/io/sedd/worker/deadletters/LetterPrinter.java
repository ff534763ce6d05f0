package io.sedd.worker.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.DeadLetterHeader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Prints dead letters, as rows of a table or as one JSON object a line. The values hold prompts, so
 * they are printed only where that is asked for.
 */
record LetterPrinter(PrintWriter out, boolean json, boolean values) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ROW = "%-10s  %-24s  %-17s  %7s  %-8s  %-24s  %s%n";

  void head() {
    if (!json) {
      out.printf(ROW, "PLACE", "GIVEN UP", "CODE", "ATTEMPT", "REPLAYED", "JOB", "REASON");
    }
  }

  void print(DeadLetter letter, boolean replayed) {
    if (json) {
      out.println(object(letter, replayed));
    } else {
      out.printf(
          ROW,
          letter.position(),
          letter.time(),
          letter.header(DeadLetterHeader.ERROR_CODE),
          letter.header(DeadLetterHeader.ATTEMPT),
          replayed ? "yes" : "no",
          printable(letter.id()),
          printable(
              letter.header(DeadLetterHeader.ERROR_PATH)
                  + ": "
                  + letter.header(DeadLetterHeader.ERROR_MESSAGE)));
    }
  }

  private String object(DeadLetter letter, boolean replayed) {
    ObjectNode object = MAPPER.createObjectNode();
    object.put("partition", letter.position().partition());
    object.put("offset", letter.position().offset());
    object.put("time", letter.time().toString());
    object.put("id", letter.id());
    object.put("replayed", replayed);
    object.put("replaysBefore", letter.replays());
    for (DeadLetterHeader header : DeadLetterHeader.values()) {
      object.put(header.key(), letter.header(header));
    }
    byte[] value = letter.record().value();
    object.put("valueBytes", value == null ? 0 : value.length);
    if (values && value != null) {
      object.put("value", new String(value, StandardCharsets.UTF_8));
    }
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  /** A key is whatever its sender chose: control characters must not reach the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
