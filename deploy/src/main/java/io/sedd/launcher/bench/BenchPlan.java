package io.sedd.launcher.bench;

import io.sedd.diffusion.network.NetworkShape;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a bench is to measure.
 *
 * @param types in what the products multiply, one after the other
 * @param insists whether a type that this machine does not have is an error, not a note
 * @param sections which parts
 * @param batches numbers of sequences, for evaluations and generation
 * @param larger sequences of the batch in which equal and mixed lengths are compared
 * @param steps step counts of generation
 * @param trainingBatch sequences of an optimizer step
 * @param largeProducts whether the ceiling is looked for on large products too
 * @param runs least repetitions of anything, of which the median counts
 * @param repeatSeconds short work is repeated for so long
 * @param budgetSeconds longest that all runs of one kind of generation may take; infinite for no
 *     limit
 */
record BenchPlan(
    List<NumberType> types,
    boolean insists,
    Set<Section> sections,
    List<Integer> batches,
    int larger,
    List<Integer> steps,
    int trainingBatch,
    boolean largeProducts,
    int runs,
    double repeatSeconds,
    double budgetSeconds) {

  /** A short sequence leaves room for many in a batch. */
  private static final int SHORT = 256;

  /** Step counts of the first milestone. */
  static final List<Integer> STEPS = List.of(16, 64, 128, 1024);

  /** Batch sizes for a shape: up to 4,096 rows. */
  static List<Integer> batchesFor(NetworkShape shape) {
    return shape.length() <= SHORT ? List.of(1, 8, 32) : List.of(1, 2, 4);
  }

  /** Sequences of an optimizer step for a shape: 4,096 rows where they are short, 1,024 else. */
  static int trainingBatchFor(NetworkShape shape) {
    return Math.max(1, (shape.length() <= SHORT ? 4096 : 1024) / shape.length());
  }

  BenchPlan {
    types = List.copyOf(types);
    sections = Set.copyOf(sections);
    batches = List.copyOf(batches);
    steps = List.copyOf(steps);
    requirePositive("--batch", batches);
    requirePositive("--steps", steps);
    requirePositive("--runs", List.of(runs));
    requirePositive("--train-batch", List.of(trainingBatch));
    if (!(budgetSeconds >= 0)) {
      throw new IllegalArgumentException("--budget must not be below 0, it is " + budgetSeconds);
    }
  }

  private static void requirePositive(String option, List<Integer> values) {
    for (int value : values) {
      if (value < 1) {
        throw new IllegalArgumentException(option + " must be at least 1, it is " + value);
      }
    }
  }

  boolean wants(Section section) {
    return sections.contains(section);
  }

  /** Rows of the network's own products: those of the largest batch that is measured. */
  int productRows(NetworkShape shape) {
    int most =
        IntStream.concat(batches.stream().mapToInt(b -> b), IntStream.of(1)).max().getAsInt();
    return Math.min(2048, most * shape.length());
  }
}
