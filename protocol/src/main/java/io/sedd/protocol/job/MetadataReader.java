package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sedd.protocol.job.JobError.Code;
import java.util.LinkedHashMap;
import java.util.Map;

/** The caller's own strings in a message. */
final class MetadataReader {

  private MetadataReader() {}

  static Map<String, String> read(JsonNode value, String path, Faults faults) {
    if (!(value instanceof ObjectNode object)) {
      faults.note(
          Code.WRONG_TYPE,
          path,
          "an object of strings is expected, but it is " + JsonForm.of(value));
      return Map.of();
    }
    if (object.size() > JobLimits.MAX_METADATA_ENTRIES) {
      faults.note(
          Code.OUT_OF_RANGE,
          path,
          "must have at most "
              + JobLimits.MAX_METADATA_ENTRIES
              + " entries, but has "
              + object.size());
      return Map.of();
    }
    Scalars scalars = new Scalars(faults);
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String at = Printable.child(path, entry.getKey());
      checkKey(entry.getKey(), at, faults);
      String text = scalars.text(entry.getValue(), at, 0, JobLimits.MAX_METADATA_VALUE_CHARACTERS);
      metadata.put(entry.getKey(), text);
    }
    return metadata;
  }

  private static void checkKey(String key, String path, Faults faults) {
    int characters = key.codePointCount(0, key.length());
    if (characters < 1 || characters > JobLimits.MAX_METADATA_KEY_CHARACTERS) {
      faults.note(
          Code.OUT_OF_RANGE,
          path,
          "a metadata key must have from 1 to "
              + JobLimits.MAX_METADATA_KEY_CHARACTERS
              + " characters, but has "
              + characters);
    }
  }
}
