package io.sedd.cuda.ptx.machine;

import io.sedd.cuda.driver.Grid;

/** One launch of a kernel, its blocks one after the other on the calling thread. */
public final class Launch {

  private final GlobalMemory global;
  private final Grid grid;
  private final int dynamicBytes;
  private final byte[] parameters;
  private final Checks checks;
  private long warpSteps;
  private long laneSteps;

  public Launch(
      GlobalMemory global, Grid grid, int dynamicBytes, byte[] parameters, Checks checks) {
    this.global = global;
    this.grid = grid;
    this.dynamicBytes = dynamicBytes;
    this.parameters = parameters;
    this.checks = checks;
  }

  GlobalMemory global() {
    return global;
  }

  Grid grid() {
    return grid;
  }

  int dynamicBytes() {
    return dynamicBytes;
  }

  byte[] parameters() {
    return parameters;
  }

  Checks checks() {
    return checks;
  }

  /** Instructions of threads that have been run. */
  public long laneSteps() {
    return laneSteps;
  }

  /**
   * @throws KernelFault if the kernel does what it must not do
   */
  public void run(Program program) {
    int threads = grid.blockX() * grid.blockY() * grid.blockZ();
    int most = program.threads() == 0 ? 1024 : program.threads();
    if (threads > most) {
      throw new KernelFault(
          "kernel %s: %d threads a block, compiled for at most %d"
              .formatted(program.name(), threads, most));
    }
    Block block = new Block(program, this);
    int blocks = Math.multiplyExact(grid.gridX(), Math.multiplyExact(grid.gridY(), grid.gridZ()));
    for (int i = 0; i < blocks; i++) {
      int number = checks.backwards() ? blocks - 1 - i : i;
      block.run(
          number % grid.gridX(),
          number / grid.gridX() % grid.gridY(),
          number / (grid.gridX() * grid.gridY()));
    }
  }

  void spend(String kernel, long warps, long lanes) {
    warpSteps += warps;
    laneSteps += lanes;
    if (warpSteps > checks.steps()) {
      throw new KernelFault(
          "kernel %s: no end after %,d instructions of warps".formatted(kernel, checks.steps()));
    }
  }
}
