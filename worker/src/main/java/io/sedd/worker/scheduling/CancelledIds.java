package io.sedd.worker.scheduling;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cancellations whose job may still lie in Kafka; the oldest are forgotten beyond {@value
 * #CAPACITY}. Not thread-safe.
 */
final class CancelledIds {

  static final int CAPACITY = 10_000;

  private final Map<String, Instant> times =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > CAPACITY;
        }
      };

  void add(String jobId, Instant at) {
    times.merge(jobId, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** Whether a job that was sent at this time has been cancelled since. */
  boolean covers(String jobId, Instant sent) {
    Instant at = times.get(jobId);
    return at != null && !sent.isAfter(at);
  }
}
