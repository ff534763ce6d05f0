package io.sedd.worker.denoising;

import java.util.Comparator;
import java.util.List;

/**
 * The step loops of a worker.
 *
 * @param all one for each device, in their order
 */
public record StepLoops(List<DenoisingLoop> all) {

  public StepLoops {
    all = List.copyOf(all);
  }

  /** The one whose last sign of life is the oldest. */
  public DenoisingLoop quietest() {
    return all.stream().min(Comparator.comparing(DenoisingLoop::lastTurn)).orElseThrow();
  }

  /** Ends all of them, each after its present step. */
  public void stop() {
    all.forEach(DenoisingLoop::stop);
  }
}
