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
 * whoever reads a result finds the request that asked for it. A field of more than 128, 1024 and
 * 4096 bytes, in the order of their names, is left out: a result must have room beside them.
 *
 * @param fields values by header name; empty where the sender traces nothing
 */
public record TraceContext(Map<String, String> fields) {

  /** The headers that are carried on. */
  public static final List<String> NAMES = List.of("traceparent", "tracestate", "baggage");

  /** Most bytes of each, in the order of their names. */
  private static final List<Integer> MOST_BYTES = List.of(128, 1024, 4096);

  /** No trace. */
  public static final TraceContext NONE = new TraceContext(Map.of());

  public TraceContext {
    fields = Map.copyOf(fields);
  }

  /** The trace that a record names. */
  public static TraceContext of(Headers headers) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      Header header = headers.lastHeader(NAMES.get(i));
      if (header != null && header.value() != null && header.value().length <= MOST_BYTES.get(i)) {
        fields.put(NAMES.get(i), new String(header.value(), UTF_8));
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
