package io.sedd.worker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The trace that a job belongs to, by the headers of W3C Trace Context and Baggage. They are copied
 * from the job's record to everything that is published about it, unread and unchanged, so that
 * whoever reads a result finds the request that asked for it.
 *
 * @param fields values by header name; empty where the sender traces nothing
 */
public record TraceContext(Map<String, String> fields) {

  /** The headers that are carried on. */
  public static final List<String> NAMES = List.of("traceparent", "tracestate", "baggage");

  /** No trace. */
  public static final TraceContext NONE = new TraceContext(Map.of());

  public TraceContext {
    fields = Map.copyOf(fields);
  }

  /** The trace that a record names. */
  public static TraceContext of(Headers headers) {
    Map<String, String> fields = new TreeMap<>();
    for (String name : NAMES) {
      Header header = headers.lastHeader(name);
      if (header != null && header.value() != null) {
        fields.put(name, new String(header.value(), UTF_8));
      }
    }
    return fields.isEmpty() ? NONE : new TraceContext(fields);
  }

  /** One field, for tracers. */
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  void addTo(Headers headers) {
    fields.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
  }
}
