package io.sedd.launcher.bench;

import io.sedd.diffusion.network.NetworkShape;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much of everything is measured. */
public final class BenchOptions {

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Parts to measure: ${COMPLETION-CANDIDATES}; default: all.")
  private Set<Section> sections;

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description =
          "What the products multiply in: ${COMPLETION-CANDIDATES}; default: what this machine"
              + " has.")
  private List<NumberType> types;

  @Option(
      names = "--steps",
      split = ",",
      paramLabel = "N",
      description = "Step counts of generation; default: 16,64,128,1024.")
  private List<Integer> steps;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description =
          "Numbers of sequences at once; default: 1,8,32 up to length 256, 1,2,4 above it.")
  private List<Integer> batches;

  @Option(
      names = "--train-batch",
      paramLabel = "N",
      description =
          "Sequences of a training step; default: 4096 tokens up to length 256, else 1024.")
  private Optional<Integer> trainingBatch = Optional.empty();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Least repetitions of anything, of which the median counts; default: 3.")
  private Optional<Integer> runs = Optional.empty();

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      description =
          "Generation that would take longer, all runs together, is summed up from steps; default:"
              + " 10.")
  private Optional<Double> budget = Optional.empty();

  @Option(names = "--exact", description = "Run every generation, however long it takes.")
  private boolean exact;

  @Option(
      names = "--quick",
      description = "A few seconds for everything, as for a check in CI; the figures are rough.")
  private boolean quick;

  /**
   * What is to be measured of a shape.
   *
   * @throws IllegalArgumentException naming the option at fault
   */
  BenchPlan plan(NetworkShape shape) {
    if (exact && budget.isPresent()) {
      throw new IllegalArgumentException("--exact and --budget exclude each other");
    }
    List<Integer> sizes = given(batches, quick ? List.of(1, 2) : BenchPlan.batchesFor(shape));
    return new BenchPlan(
        given(types, List.of(NumberType.values())),
        types != null,
        given(sections, Set.of(Section.values())),
        sizes,
        sizes.stream().mapToInt(size -> size).max().orElse(1),
        given(steps, BenchPlan.STEPS),
        trainingBatch.orElse(quick ? 1 : BenchPlan.trainingBatchFor(shape)),
        !quick,
        runs.orElse(quick ? 1 : 3),
        quick ? 0.02 : 1,
        exact ? Double.POSITIVE_INFINITY : budget.orElse(quick ? 0.2 : 10));
  }

  /** A list that was not given is null. */
  private static <T> T given(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
