package io.sedd.trainer.corpus;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.text.Tokenizer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The documents of one file, one after the other. */
final class Documents implements Iterator<String> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final TextFile lines;
  private final TextFormat format;
  private final String field;
  private long line;
  private String next;

  /**
   * @param format how the file holds them; not AUTO
   * @param field of a JSON object that has the text
   */
  Documents(Path file, TextFile lines, TextFormat format, String field) {
    this.file = file;
    this.lines = lines;
    this.format = format;
    this.field = field;
    this.next = read();
  }

  private String read() {
    return switch (format) {
      case TEXT -> separated();
      case LINES -> lines.hasNext() ? row(lines.next()) : null;
      case JSONL -> json();
      case AUTO -> throw new IllegalArgumentException("the format of " + file + " is not decided");
    };
  }

  private static String row(String line) {
    return line.isBlank() ? "" : line;
  }

  /**
   * Up to the next separator. The line breaks around a separator and at the file's very end belong
   * to no document; one with no character left is none.
   */
  private String separated() {
    while (lines.hasNext()) {
      StringBuilder document = new StringBuilder();
      boolean ended = false;
      while (!ended && lines.hasNext()) {
        String present = lines.next();
        ended = withoutBreak(present).equals(Tokenizer.END_OF_TEXT);
        if (!ended) {
          document.append(present);
        }
      }
      String text = withoutBreak(document.toString());
      if (!text.isEmpty()) {
        return text;
      }
    }
    return null;
  }

  private static String withoutBreak(String text) {
    if (!text.endsWith("\n")) {
      // at a file's end a separator may have lost its line feed and kept the carriage return
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
    int end = text.length() - 1;
    return text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private String json() {
    while (lines.hasNext()) {
      String text = lines.next();
      line++;
      if (!text.isBlank()) {
        return text(text);
      }
    }
    return null;
  }

  private String text(String json) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s, line %,d: is not JSON: %s".formatted(file, line, e.getOriginalMessage()), e);
    }
    JsonNode text = node.isObject() ? node.path(field) : node;
    if (!text.isTextual()) {
      throw new IllegalArgumentException(
          "%s, line %,d: has no text: a line is a JSON string, or an object with a string in its field '%s'"
              .formatted(file, line, field));
    }
    return text.textValue();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public String next() {
    if (next == null) {
      throw new NoSuchElementException(file + " has ended");
    }
    String document = next;
    next = read();
    return document;
  }
}
