package io.sedd.trainer.objective;

/** How the times of a step's sequences hang together; each alone is uniform on [earliest, 1]. */
public enum TimeSampling {
  /** Independent, as in the official code. */
  INDEPENDENT {
    @Override
    double unit(TrainingRandom random, int step, int sequence) {
      return random.uniform(TrainingRandom.Purpose.TIME, step, sequence, 0);
    }
  },
  /**
   * One random start a step, then golden-ratio steps: u + i (√5 - 1)/2 modulo 1. Any run of
   * sequences covers [0, 1] evenly, which lowers the loss's variance (the idea of arXiv 2107.00630,
   * appendix I.1, in a form that needs no batch size).
   */
  LOW_DISCREPANCY {
    @Override
    double unit(TrainingRandom random, int step, int sequence) {
      double start = random.uniform(TrainingRandom.Purpose.TIME, step, 0, 0);
      double u = start + sequence * GOLDEN_RATIO;
      return u - Math.floor(u);
    }
  };

  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /** A number in [0, 1) for one sequence of a step. */
  abstract double unit(TrainingRandom random, int step, int sequence);
}
