package io.sedd.diffusion.backend;

/** A draw that has been begun, see {@link Backend#beginDraw}. */
@FunctionalInterface
public interface PendingDraw {

  /** Of a draw that is done. */
  PendingDraw DONE = () -> {};

  /**
   * Waits until the states are there.
   *
   * @throws ArithmeticException as {@link Backend#draw}
   */
  void await();
}
