package io.sedd.launcher.bench;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of one type of numbers.
 *
 * @param type in what the products multiply
 * @param device the backend's own description: kernels in use and why
 * @param products of which the best is the ceiling
 * @param forward evaluations
 * @param steps single steps
 * @param ratios between them, where they were measured
 * @param generation whole runs
 * @param training optimizer steps
 * @param notes what was left out and why
 */
record TypeReport(
    NumberType type,
    String device,
    List<ProductRate> products,
    List<ForwardRate> forward,
    List<StepCost> steps,
    Optional<StepRatios> ratios,
    List<GenerationRate> generation,
    List<TrainingRate> training,
    List<String> notes) {

  /** GFLOP/s of the fastest product. */
  double ceiling() {
    return products.stream().mapToDouble(ProductRate::gflops).max().orElseThrow();
  }
}
