package io.sedd.trainer.training;

/**
 * Sequences of one optimizer step.
 *
 * @param sequences in one forward and backward pass
 * @param accumulation passes whose gradients are added up for one step
 */
public record BatchSize(int sequences, int accumulation) {

  public BatchSize {
    if (sequences < 1 || accumulation < 1) {
      throw new IllegalArgumentException(
          "batch sequences " + sequences + " and accumulation " + accumulation + " must be >= 1");
    }
  }

  /** Sequences of a whole step. */
  public int total() {
    return Math.multiplyExact(sequences, accumulation);
  }
}
