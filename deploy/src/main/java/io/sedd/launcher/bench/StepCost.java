package io.sedd.launcher.bench;

import io.sedd.diffusion.sampling.Phase;
import java.util.Locale;
import java.util.Map;

/**
 * One step of a batch.
 *
 * @param type in what its products multiply
 * @param what kind of batch
 * @param lanes which take the step
 * @param seconds median of whole steps
 * @param phases median of each phase
 */
record StepCost(
    NumberType type, Kind what, LaneSet lanes, double seconds, Map<Phase, Double> phases) {

  /** Kinds of batches. */
  enum Kind {
    /** Equal lengths, nothing revealed yet. */
    FULL("all masked"),
    /** The same lanes, half of their positions revealed. */
    HALF("half revealed"),
    /** Equal lengths, in a batch with as many tokens and as many of them open as the mixed one. */
    EQUAL("equal lengths"),
    /** Lengths from 17 up and every share revealed. */
    MIXED("mixed lengths");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  double share(Phase phase) {
    return phases.get(phase) / phases.values().stream().mapToDouble(s -> s).sum();
  }

  /** Steps of one token a second: what tokens a second are, times the steps of a run. */
  double tokenStepsPerSecond() {
    return lanes.rows() / seconds;
  }
}
