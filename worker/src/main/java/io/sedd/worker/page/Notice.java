package io.sedd.worker.page;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/**
 * Something that happened and that a person would want to know of.
 *
 * @param number later ones have higher ones
 * @param text one sentence
 */
record Notice(long number, Instant time, Kind kind, String text) {

  /** What it is about. */
  enum Kind {
    /** A checkpoint serves, or is tried. */
    CHECKPOINT,
    /** A checkpoint does not serve. */
    REFUSED,
    /** A record went to the dead letters. */
    DEAD_LETTER,
    /** The worker itself: paused, draining, failed. */
    WORKER
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("n", number)
        .put("t", time.toEpochMilli())
        .put("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("text", text);
  }
}
