package io.sedd.trainer.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.trainer.evaluation.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What evaluations left as JSON in one folder.
 *
 * @param folder of {@code NAME.json}
 */
record Results(Path folder) {

  boolean has(String name) {
    return Files.exists(file(name));
  }

  private Path file(String name) {
    return folder.resolve(name + ".json");
  }

  Figures read(String name) throws IOException {
    if (!has(name)) {
      throw new NoSuchFileException(file(name).toString(), null, "the evaluation has not been run");
    }
    JsonNode json = new ObjectMapper().readTree(file(name).toFile());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode row : json.required("rows")) {
      Map<String, Object> values = new LinkedHashMap<>();
      row.properties().forEach(field -> values.put(field.getKey(), value(field.getValue())));
      rows.add(values);
    }
    List<String> notes = new ArrayList<>();
    json.required("notes").forEach(note -> notes.add(note.textValue()));
    return new Figures(json.required("title").textValue(), rows, notes);
  }

  private static Object value(JsonNode value) {
    if (value.isInt()) {
      return value.intValue();
    }
    return value.isNumber() ? (Object) value.doubleValue() : value.textValue();
  }

  /** The first row of the figures of that name, under another model's name. */
  Map<String, Object> row(String name, String model) throws IOException {
    Map<String, Object> row = new LinkedHashMap<>(read(name).rows().getFirst());
    row.put("model", model);
    return row;
  }
}
