package io.sedd.cuda.ptx.machine;

/** What an instruction does for the lanes of a warp that run it. */
@FunctionalInterface
public interface WarpOperation {

  /**
   * @param lanes bit l is set if lane l takes part; never 0
   */
  void run(Warp warp, int lanes);
}
