package io.sedd.worker.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line: {@code time} (UTC), {@code level}, {@code logger}, {@code thread}, {@code
 * message}, {@code stack} where there is a throwable, and the line's own fields, such as {@code
 * job}, beside them. Logback's own encoder puts those into a list, where no log store looks.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NONE = {};

  /** A field of this name would stand twice in the object. */
  private static final Set<String> TAKEN =
      Set.of("time", "level", "logger", "thread", "message", "stack");

  private final JsonFactory factory = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = factory.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      json.writeStringField("message", event.getFormattedMessage());
      if (event.getKeyValuePairs() != null) {
        for (KeyValuePair pair : event.getKeyValuePairs()) {
          field(json, TAKEN.contains(pair.key) ? pair.key + "_" : pair.key, pair.value);
        }
      }
      if (event.getThrowableProxy() != null) {
        json.writeStringField("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void field(JsonGenerator json, String key, Object value) throws IOException {
    json.writeFieldName(key);
    switch (value) {
      case null -> json.writeNull();
      case Long number -> json.writeNumber(number);
      case Integer number -> json.writeNumber(number);
      case List<?> texts -> {
        json.writeStartArray();
        for (Object text : texts) {
          json.writeString(String.valueOf(text));
        }
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }
}
