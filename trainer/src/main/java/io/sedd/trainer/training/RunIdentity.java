package io.sedd.trainer.training;

import io.sedd.protocol.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What data and randomness of a run follow from, beside the step: a resumed run must have the same,
 * or its curve would not go on. Learning rate, limits and intervals may change.
 *
 * @param seed of everything random
 * @param sequencesPerStep of one optimizer step
 * @param length of a sequence, tokens
 * @param times how the times of a step hang together
 * @param corpus fingerprint of the training tokens
 */
public record RunIdentity(
    long seed, int sequencesPerStep, int length, String times, String corpus) {

  /** As strings, for the state's file. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("seed", Long.toString(seed));
    facts.put("sequences_per_step", Integer.toString(sequencesPerStep));
    facts.put("length", Integer.toString(length));
    facts.put("times", times);
    facts.put("corpus", corpus);
    return facts;
  }

  /**
   * Compares with the facts of a saved state.
   *
   * @throws CheckpointException naming every fact that differs
   */
  void requireSameAs(Map<String, String> saved, Path file) {
    List<String> differences = new ArrayList<>();
    facts()
        .forEach(
            (name, value) -> {
              String before = saved.get(name);
              if (!value.equals(before)) {
                differences.add(name + " is " + value + ", was " + before);
              }
            });
    if (!differences.isEmpty()) {
      throw new CheckpointException(
          file
              + ": the run cannot go on from it: "
              + String.join("; ", differences)
              + ". Restore these settings, or train into another checkpoint folder");
    }
  }
}
