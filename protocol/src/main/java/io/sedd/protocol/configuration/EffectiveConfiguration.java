package io.sedd.protocol.configuration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configuration as it is in force, for the log. */
public final class EffectiveConfiguration {

  private final JsonGenerator json;

  private EffectiveConfiguration(JsonGenerator json) {
    this.json = json;
  }

  /**
   * One line of JSON in the order of the records. Texts whose key tells of a password, secret,
   * token, credential or {@code sasl.jaas.config} are shown as {@code ***}; an empty {@code
   * Optional} is null; durations are ISO-8601.
   */
  public static String jsonLine(Record configuration) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      new EffectiveConfiguration(json).value("", configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return line.toString();
  }

  private void value(String key, Object value) throws IOException {
    switch (value) {
      case Optional<?> optional when optional.isEmpty() -> json.writeNull();
      case Optional<?> optional -> value(key, optional.get());
      case Record section -> section(section);
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(entry.getKey().toString());
          value(entry.getKey().toString(), entry.getValue());
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          value(key, item);
        }
        json.writeEndArray();
      }
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Boolean truth -> json.writeBoolean(truth);
      case Enum<?> constant -> json.writeString(ScalarText.nameOf(constant));
      case String text -> json.writeString(Secrets.isSecret(key) ? Secrets.MASK : text);
      default -> json.writeString(value.toString());
    }
  }

  private void section(Record section) throws IOException {
    json.writeStartObject();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      json.writeFieldName(component.getName());
      value(component.getName(), read(section, component));
    }
    json.writeEndObject();
  }

  private static Object read(Record section, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(section);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("every record component can be read", e);
    }
  }
}
