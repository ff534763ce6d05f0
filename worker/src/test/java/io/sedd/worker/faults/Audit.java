package io.sedd.worker.faults;

import io.sedd.protocol.job.GenerationResult.Outcome;
import java.util.List;
import java.util.Map;

/**
 * What became of everything that was sent.
 *
 * @param sent records that the broker took
 * @param outcomes jobs by the outcome of their first result
 * @param doubles results beyond the first of their job
 * @param deadLetters dead letters
 * @param problems jobs that are lost, doubled where that is not allowed, or ended as they must not
 */
record Audit(
    int sent, Map<Outcome, Integer> outcomes, int doubles, int deadLetters, List<String> problems) {

  private static final int MOST_SHOWN = 20;

  /** Throws with what is wrong, if anything is. */
  void requireClean() {
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "%d of %d records are not accounted for (%s):%n%s"
              .formatted(
                  problems.size(),
                  sent,
                  outcomes,
                  String.join("\n", problems.stream().limit(MOST_SHOWN).toList())));
    }
  }
}
