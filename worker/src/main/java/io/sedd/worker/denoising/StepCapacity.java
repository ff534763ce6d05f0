package io.sedd.worker.denoising;

/**
 * Token rows that one evaluation may have. Halves when the device runs out of memory, and comes
 * back a sixteenth of the whole at a time, after {@value #STEPS_BETWEEN} good steps each: what took
 * the memory, such as a second checkpoint, may be gone by then. Owned by the denoising thread.
 */
final class StepCapacity {

  private static final int STEPS_BETWEEN = 64;
  private static final int SIXTEENTH = 16;

  private final int most;
  private int whole;
  private int rows;
  private int goodSteps;

  StepCapacity(int most) {
    this.most = most;
    this.whole = most;
    this.rows = most;
  }

  /** What it was made for. */
  int most() {
    return most;
  }

  /** So many rows at once are the whole from now on. */
  void limit(int limit) {
    whole = Math.min(most, limit);
    rows = Math.min(rows, whole);
  }

  /** At present; at least 1. A lane that is longer is evaluated alone. */
  int rows() {
    return rows;
  }

  /** So many rows at once were too many. */
  void outOfMemory(int failedRows) {
    rows = Math.max(1, Math.min(rows, failedRows / 2));
    goodSteps = 0;
  }

  /** A step of the whole batch found memory. */
  void goodStep() {
    if (rows < whole && ++goodSteps >= STEPS_BETWEEN) {
      goodSteps = 0;
      rows = Math.min(whole, rows + Math.max(1, whole / SIXTEENTH));
    }
  }
}
