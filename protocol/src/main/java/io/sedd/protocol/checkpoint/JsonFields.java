package io.sedd.protocol.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sedd.protocol.json.ForeignJson;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One JSON object of a checkpoint file, read strictly: a field that is missing, of another type or
 * out of range is a {@link CheckpointException} that names file and JSON path.
 */
final class JsonFields {

  /** The mapper of all checkpoint files: no duplicate keys, nothing after the end. */
  static final JsonMapper MAPPER = ForeignJson.mapper();

  /** Configs have 1 KB, manifests some 100 KB; more is no such file. */
  private static final int LARGEST_FILE = 16 << 20;

  private final Path file;
  private final String path;
  private final JsonNode node;

  private JsonFields(Path file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
    if (!node.isObject()) {
      throw new CheckpointException(file + ": " + path + " must be a JSON object");
    }
  }

  /** The object that a whole file is. */
  static JsonFields of(Path file) throws IOException {
    byte[] json;
    try (InputStream in = Files.newInputStream(file)) {
      json = in.readNBytes(LARGEST_FILE + 1);
    }
    if (json.length > LARGEST_FILE) {
      throw new CheckpointException(
          "%s: is over %,d bytes; it is no file of a checkpoint".formatted(file, LARGEST_FILE));
    }
    return of(file, json);
  }

  /**
   * @param file named in errors, not read
   */
  static JsonFields of(Path file, byte[] json) throws IOException {
    try {
      return new JsonFields(file, "$", MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new CheckpointException(
          "%s: is not valid JSON at line %d: %s; copy or write it again"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    } catch (CharConversionException e) {
      // the parser takes bytes with zeros between them for UTF-16 or UTF-32
      throw new CheckpointException(
          file + ": is not valid JSON in UTF-8: " + e.getMessage() + "; copy or write it again", e);
    }
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Names of all fields. */
  List<String> keys() {
    return List.copyOf(node.propertyStream().map(java.util.Map.Entry::getKey).toList());
  }

  /** Refuses every field but these. */
  void allow(String... known) {
    for (String key : keys()) {
      if (!Set.of(known).contains(key)) {
        throw wrong(key, "is unknown; known are " + String.join(", ", known));
      }
    }
  }

  JsonFields object(String key) {
    return new JsonFields(file, path(key), field(key));
  }

  List<JsonFields> objects(String key) {
    JsonNode array = array(key);
    List<JsonFields> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      objects.add(new JsonFields(file, path(key) + "[" + i + "]", array.get(i)));
    }
    return objects;
  }

  List<Integer> integers(String key, int least, int most) {
    JsonNode array = array(key);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      numbers.add((int) wholeNumber(array.get(i), key + "[" + i + "]", least, most));
    }
    return numbers;
  }

  int integer(String key, int least, int most) {
    return (int) longInteger(key, least, most);
  }

  long longInteger(String key, long least, long most) {
    return wholeNumber(field(key), key, least, most);
  }

  private long wholeNumber(JsonNode value, String key, long least, long most) {
    if (!value.isIntegralNumber()) {
      throw wrong(key, "must be a whole number, not " + value);
    }
    if (!value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
      throw wrong(key, "is " + value + "; it must be from " + least + " to " + most);
    }
    return value.longValue();
  }

  double number(String key) {
    JsonNode value = field(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "must be a finite number, not " + value);
    }
    return value.doubleValue();
  }

  boolean bool(String key) {
    JsonNode value = field(key);
    if (!value.isBoolean()) {
      throw wrong(key, "must be true or false, not " + value);
    }
    return value.booleanValue();
  }

  String text(String key) {
    JsonNode value = field(key);
    if (!value.isTextual()) {
      throw wrong(key, "must be a string, not " + value);
    }
    return value.textValue();
  }

  CheckpointException wrong(String key, String what) {
    return new CheckpointException(file + ": " + path(key) + " " + what);
  }

  private JsonNode array(String key) {
    JsonNode value = field(key);
    if (!value.isArray()) {
      throw wrong(key, "must be an array, not " + value.getNodeType());
    }
    return value;
  }

  private JsonNode field(String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw wrong(key, "is missing");
    }
    return value;
  }

  /** Keys with dots, such as file names, in brackets. */
  private String path(String key) {
    return key.matches("[A-Za-z_][A-Za-z0-9_]*(\\[\\d+])?")
        ? path + "." + key
        : path + "['" + key + "']";
  }
}
