package io.sedd.protocol.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * YAML to what it gives, with its lines. No key twice, one document, and no aliases: a file of
 * configuration says what it means where it means it.
 */
final class YamlText {

  private static final YAMLFactory YAML =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final YAMLParser parser;
  private final IntFunction<String> originOfLine;

  private YamlText(YAMLParser parser, IntFunction<String> originOfLine) {
    this.parser = parser;
    this.originOfLine = originOfLine;
  }

  /**
   * The keys of a document; an empty one has none.
   *
   * @param name what the document is called in messages
   * @throws ConfigurationException if it is no YAML, or no mapping of keys
   */
  static Given.Entries entries(String yaml, String name) {
    return switch (read(yaml, name, line -> name + " line " + line)) {
      case Given.Entries entries -> entries;
      case Given.Nothing(String origin) -> new Given.Entries(Map.of(), origin);
      case Given.Scalar _, Given.Items _ ->
          throw unusable(name + " must be a mapping of keys to values");
    };
  }

  /** A value on one line, such as {@code [a, b]}. */
  static Given value(String yaml, String origin) {
    return read(yaml, origin, _ -> origin);
  }

  private static Given read(String yaml, String name, IntFunction<String> originOfLine) {
    try (YAMLParser parser = YAML.createParser(yaml)) {
      YamlText text = new YamlText(parser, originOfLine);
      Given given =
          parser.nextToken() == null ? new Given.Nothing(originOfLine.apply(1)) : text.value();
      if (parser.nextToken() != null) {
        throw unusable(name + " must be one YAML document, but a second one begins" + text.here());
      }
      return given;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw unusable(originOfLine.apply(line) + " is not YAML: " + reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be read", e);
    }
  }

  /** The reason without its indented lines, which quote the file and with it perhaps a secret. */
  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
        .collect(Collectors.joining("; "));
  }

  private Given value() throws IOException {
    String origin = originOfLine.apply(parser.currentTokenLocation().getLineNr());
    if (parser.isCurrentAlias()) {
      throw unusable(origin + " uses a YAML alias; write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> new Given.Entries(fields(), origin);
      case START_ARRAY -> new Given.Items(items(), origin);
      case VALUE_NULL -> new Given.Nothing(origin);
      default -> isBlank() ? new Given.Nothing(origin) : new Given.Scalar(parser.getText(), origin);
    };
  }

  /** A key with nothing behind it comes as an empty text of no width; two quotes have a width. */
  private boolean isBlank() throws IOException {
    return parser.getText().isEmpty()
        && parser.currentTokenLocation().getCharOffset()
            == parser.currentLocation().getCharOffset();
  }

  private Map<String, Given> fields() throws IOException {
    Map<String, Given> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      fields.put(key, value());
    }
    return fields;
  }

  private List<Given> items() throws IOException {
    List<Given> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value());
    }
    return items;
  }

  private String here() {
    return " at line " + parser.currentTokenLocation().getLineNr();
  }

  private static ConfigurationException unusable(String problem) {
    return new ConfigurationException(List.of(problem));
  }
}
