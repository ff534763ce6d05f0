package io.sedd.cuda.driver;

/** Blocks of a launch and threads of a block; every figure at least 1. */
public record Grid(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ) {

  public Grid {
    if (Math.min(gridX, Math.min(gridY, gridZ)) < 1
        || Math.min(blockX, Math.min(blockY, blockZ)) < 1) {
      throw new IllegalArgumentException(
          "a grid of [%d, %d, %d] blocks of [%d, %d, %d] threads has an empty side"
              .formatted(gridX, gridY, gridZ, blockX, blockY, blockZ));
    }
  }

  /** A line of blocks. */
  public static Grid line(int blocks, int threads) {
    return new Grid(blocks, 1, 1, threads, 1, 1);
  }

  /** Rows of blocks: {@code blockIdx.x} below {@code x}, {@code blockIdx.y} below {@code y}. */
  public static Grid plane(int x, int y, int threads) {
    return new Grid(x, y, 1, threads, 1, 1);
  }
}
