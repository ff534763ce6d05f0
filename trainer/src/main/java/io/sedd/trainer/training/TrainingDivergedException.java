package io.sedd.trainer.training;

/** A loss or gradient that is not finite: going on would only spoil the weights. */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int step;

  TrainingDivergedException(int step, String what) {
    super(
        "training diverged at step "
            + step
            + ": "
            + what
            + "; nothing of this step was kept and the last checkpoint stays as it is. Try a lower"
            + " learning rate or a longer warm-up and resume");
    this.step = step;
  }

  /** The step at fault, 1 for the first. */
  public int step() {
    return step;
  }
}
