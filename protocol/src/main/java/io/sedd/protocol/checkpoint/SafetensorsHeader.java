package io.sedd.protocol.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sedd.protocol.json.ForeignJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, parsed and checked against the size of the data that
 * follows it: <a href="https://github.com/huggingface/safetensors#format">the format</a> demands
 * unique names and tensors that cover the data without overlap, gap or remainder.
 */
final class SafetensorsHeader {

  private static final String METADATA = "__metadata__";

  /** PyTorch has no tensors of more dimensions. */
  private static final int MOST_DIMENSIONS = 64;

  private static final JsonFactory JSON = ForeignJson.factory();

  private final Path file;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(Path file) {
    this.file = file;
  }

  /**
   * @param json the header, with its padding
   * @param dataBytes size of what follows it
   * @throws SafetensorsException naming file and tensor if header and data break the format
   */
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    if (json.length == 0 || json[0] != '{') {
      throw header.wrong("the header is not a JSON object: it does not begin with '{'");
    }
    try (JsonParser parser =
        JSON.createParser(
            // decoded here, strictly: the parser would guess UTF-16 and UTF-32 from zero bytes
            new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()))) {
      header.readObject(parser);
    } catch (IOException e) {
      throw header.notJson(e);
    }
    header.checkCover(dataBytes);
    return header;
  }

  /** By name, in the order of the header. */
  Map<String, TensorEntry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  private void readObject(JsonParser parser) throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      expect(parser, JsonToken.START_OBJECT, name, "an object");
      if (name.equals(METADATA)) {
        readMetadata(parser);
      } else {
        entries.put(name, readEntry(parser, name));
      }
    }
    if (parser.nextToken() != null) {
      throw wrong("the header goes on after its JSON object; only spaces may follow");
    }
  }

  private void readMetadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      expect(parser, JsonToken.VALUE_STRING, METADATA + "." + key, "a string");
      metadata.put(key, parser.getText());
    }
  }

  private TensorEntry readEntry(JsonParser parser, String name) throws IOException {
    String dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      switch (key) {
        case "dtype" -> {
          expect(parser, JsonToken.VALUE_STRING, name + ".dtype", "a string");
          dtype = parser.getText();
        }
        case "shape" -> shape = readNumbers(parser, name, key, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = readNumbers(parser, name, key, 2);
        default -> throw wrong(name, "has the key '" + key + "', not dtype, shape or data_offsets");
      }
    }
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw wrong(name, "needs dtype, shape and data_offsets (two numbers) in the header");
    }
    String given = dtype;
    TensorType type =
        TensorType.named(given)
            .orElseThrow(
                () ->
                    wrong(
                        name,
                        "has dtype '"
                            + given
                            + "'; this reader knows "
                            + Arrays.toString(TensorType.values())
                            + ", convert it to one of these"));
    return checked(name, type, shape, offsets[0], offsets[1]);
  }

  private long[] readNumbers(JsonParser parser, String name, String key, int most)
      throws IOException {
    expect(parser, JsonToken.START_ARRAY, name + "." + key, "an array");
    long[] numbers = new long[most];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw wrong(name, "has " + parser.getText() + " in its " + key + ", not a whole number");
      }
      if (count == most) {
        throw wrong(name, "has more than " + most + " numbers in its " + key);
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw wrong(name, "has " + parser.getText() + " in its " + key + ": beyond 64 bits");
      }
      long number = parser.getLongValue();
      if (number < 0) {
        throw wrong(name, "has " + number + " in its " + key + "; none may be negative");
      }
      numbers[count++] = number;
    }
    return Arrays.copyOf(numbers, count);
  }

  private TensorEntry checked(String name, TensorType type, long[] shape, long begin, long end) {
    long bytes = type.bytes();
    try {
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
    } catch (ArithmeticException e) {
      throw wrong(name, "has shape " + Arrays.toString(shape) + ": more bytes than 63 bits count");
    }
    if (begin > end) {
      throw wrong(name, "has reversed data_offsets: it begins at " + begin + ", ends at " + end);
    }
    if (end - begin != bytes) {
      throw wrong(
          name,
          "is %s%s, %,d bytes, but its data_offsets [%d, %d] hold %,d"
              .formatted(type, Arrays.toString(shape), bytes, begin, end, end - begin));
    }
    return new TensorEntry(name, type, shape, begin, end);
  }

  private void checkCover(long dataBytes) {
    long covered = 0;
    for (TensorEntry entry : inFileOrder(entries.values())) {
      if (entry.end() > dataBytes) {
        throw wrong(
            entry.name(),
            "ends at byte %,d of the data, but the file holds only %,d: it is truncated"
                .formatted(entry.end(), dataBytes));
      }
      if (entry.begin() != covered) {
        throw wrong(
            entry.name(),
            "begins at byte %,d of the data, but the tensors before it end at %,d: %s"
                .formatted(
                    entry.begin(), covered, entry.begin() < covered ? "they overlap" : "a gap"));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw wrong(
          "%,d bytes follow the last tensor: the tensors end at byte %,d of %,d"
              .formatted(dataBytes - covered, covered, dataBytes));
    }
  }

  private static List<TensorEntry> inFileOrder(Collection<TensorEntry> entries) {
    List<TensorEntry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    return sorted;
  }

  private void expect(JsonParser parser, JsonToken token, String where, String kind)
      throws IOException {
    if (parser.nextToken() != token) {
      throw wrong("in the header '" + where + "' is not " + kind);
    }
  }

  private SafetensorsException wrong(String tensor, String what) {
    return wrong("tensor '" + tensor + "' " + what);
  }

  private SafetensorsException wrong(String what) {
    return new SafetensorsException(
        file + ": " + what + "; copy or convert the file again from its source");
  }

  private SafetensorsException notJson(IOException cause) {
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new SafetensorsException(
        file + ": the header is not valid JSON in UTF-8: " + reason + "; copy the file again",
        cause);
  }
}
