package io.sedd.worker.page;

import io.sedd.diffusion.sampling.Phase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the worker does a second, for the last {@value #KEPT} samples: positions filled, jobs ended,
 * and the mean step by phase. Owned by the event loop.
 */
final class Rates {

  static final int KEPT = 120;

  private final Deque<JsonObject> kept = new ArrayDeque<>();
  private BatchSight.Sums sums = BatchSight.Sums.NONE;
  private long ended;
  private long taken;
  private long nanos;

  /**
   * @param nanos moment of the start on the clock of {@link System#nanoTime}
   */
  Rates(long nanos) {
    this.nanos = nanos;
  }

  /** Takes a sample: what has happened since the last one. */
  void sample(long nowNanos, BatchSight.Sums nowSums, long nowEnded, double fill) {
    double seconds = Math.max(1e-3, (nowNanos - nanos) / 1e9);
    BatchSight.Sums since = nowSums.minus(sums);
    JsonObject phases = new JsonObject();
    for (Phase phase : Phase.values()) {
      double millis = since.steps() == 0 ? 0 : since.times().of(phase) / 1e6 / since.steps();
      phases.put(phase.label(), rounded(millis, 1000));
    }
    kept.add(
        new JsonObject()
            .put("n", ++taken)
            .put("tokens", rounded(since.filled() / seconds, 10))
            .put("jobs", rounded((nowEnded - ended) / seconds, 100))
            .put("steps", rounded(since.steps() / seconds, 10))
            .put("fill", rounded(fill, 1000))
            .put("phases", phases));
    if (kept.size() > KEPT) {
      kept.remove();
    }
    sums = nowSums;
    ended = nowEnded;
    nanos = nowNanos;
  }

  private static double rounded(double value, int parts) {
    return Math.rint(value * parts) / parts;
  }

  /** The newest sample; empty before the first. */
  JsonObject newest() {
    return kept.isEmpty() ? new JsonObject() : kept.getLast();
  }

  /** All that are kept, the oldest first. */
  JsonArray all() {
    JsonArray all = new JsonArray();
    kept.forEach(all::add);
    return all;
  }
}
