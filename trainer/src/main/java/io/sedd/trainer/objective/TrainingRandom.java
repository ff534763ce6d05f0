package io.sedd.trainer.objective;

import io.sedd.diffusion.backend.Philox;

/**
 * Randomness of training and evaluation: every number is a pure function of (seed, purpose, step,
 * sequence, position), so nothing needs to be saved to resume.
 *
 * @param seed the run's
 */
public record TrainingRandom(long seed) {

  /** What a number is for; each has a Philox stream of its own. */
  public enum Purpose {
    /** The time t of a sequence. */
    TIME(0),
    /** Whether the noise hits a position. */
    MOVE(1),
    /** Which token takes its place, for the uniform graph. */
    REPLACEMENT(2),
    /** Which neighbour of a noisy sequence an implicit objective looks at. */
    NEIGHBOUR(3);

    private final int stream;

    Purpose(int offset) {
      this.stream = Philox.TRAINING + offset;
    }
  }

  /** A multiple of 2^-53 in [0, 1). */
  public double uniform(Purpose purpose, int step, int sequence, int position) {
    return Philox.uniform53(seed, sequence, step, position, purpose.stream);
  }
}
