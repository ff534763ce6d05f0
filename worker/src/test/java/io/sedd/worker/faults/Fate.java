package io.sedd.worker.faults;

import io.sedd.protocol.job.GenerationResult.Outcome;
import java.util.EnumSet;
import java.util.Set;

/** What may become of a record that was sent. */
enum Fate {
  /** A good job with all the time in the world. */
  COMPLETES(EnumSet.of(Outcome.COMPLETED), Letters.NONE),
  /** A job with a deadline that may pass. */
  MAY_EXPIRE(EnumSet.of(Outcome.COMPLETED, Outcome.EXPIRED), Letters.NONE),
  /** A job that is cancelled at some time. */
  MAY_BE_CANCELLED(EnumSet.of(Outcome.COMPLETED, Outcome.CANCELLED), Letters.NONE),
  /** A record that says whose job it is and is no job: a failed result and a dead letter. */
  IS_REFUSED(EnumSet.of(Outcome.FAILED), Letters.ONE),
  /** A record that does not even say whose it is: a dead letter alone. */
  IS_UNREADABLE(EnumSet.noneOf(Outcome.class), Letters.ONE),
  /** A job that ends its worker's process, or may be taken for one that did. */
  IS_DEADLY(EnumSet.of(Outcome.FAILED), Letters.ONE);

  /** How many dead letters belong to it. */
  enum Letters {
    NONE,
    ONE
  }

  private final Set<Outcome> outcomes;
  private final Letters letters;

  Fate(Set<Outcome> outcomes, Letters letters) {
    this.outcomes = outcomes;
    this.letters = letters;
  }

  /** Outcomes that are right; none where no result is. */
  Set<Outcome> outcomes() {
    return outcomes;
  }

  Letters letters() {
    return letters;
  }
}
