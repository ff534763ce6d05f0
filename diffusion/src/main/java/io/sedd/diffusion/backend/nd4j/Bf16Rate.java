package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.Operand.Order;
import io.sedd.diffusion.backend.nd4j.Operand.Type;
import java.lang.foreign.Arena;

/**
 * How fast this processor multiplies bf16 beside fp32. Having the instructions says little: with
 * AMX they do six times the work of fp32's, and half of it on a Sapphire Rapids whose hypervisor
 * hides AMX. So both are tried, for some milliseconds, on one thread.
 */
final class Bf16Rate {

  /**
   * From here on the instructions are used. Below 1, since bf16 factors that are not widened are
   * read from half the memory, and far from what processors were seen to have, so that noise does
   * not decide.
   */
  private static final double WORTHWHILE = 0.8;

  private static final int ROWS = 256;
  private static final int SIDE = 512;
  private static final int TRIES = 7;

  private Bf16Rate() {}

  /** Whether the instructions are worth using at a measured rate. */
  static boolean worthwhile(double rate) {
    return rate >= WORTHWHILE;
  }

  /**
   * Products a second in bf16, of those in fp32; the best of a few tries of each.
   *
   * @param library where {@link OneDnn#multipliesBf16}
   */
  static double measure(OneDnn library) {
    try (Arena arena = Arena.ofConfined();
        Matmuls matmuls = new Matmuls(library, new Scratch(1), 1)) {
      TiledProduct product =
          new TiledProduct(
              new TiledProduct.Factors(
                  ROWS,
                  SIDE,
                  SIDE,
                  new Operand(Type.BF16, Order.ROWS),
                  new Operand(Type.BF16, Order.ROWS),
                  false),
              matmuls,
              1);
      long a = arena.allocate(4L * ROWS * SIDE, 64).address();
      long b = arena.allocate(4L * SIDE * SIDE, 64).address();
      long c = arena.allocate(4L * ROWS * SIDE, 64).address();
      Runnable bf16 =
          () -> {
            for (int tile = 0; tile < product.count(); tile++) {
              product.run(tile, 0, a, b, c);
            }
          };
      Runnable fp32 =
          () -> library.sgemm(false, false, ROWS, SIDE, SIDE, a, SIDE, b, SIDE, 0, c, SIDE);
      long least = Long.MAX_VALUE;
      long leastOfFp32 = Long.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        least = Math.min(least, nanoseconds(bf16));
        leastOfFp32 = Math.min(leastOfFp32, nanoseconds(fp32));
      }
      return (double) leastOfFp32 / least;
    }
  }

  private static long nanoseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Math.max(1, System.nanoTime() - start);
  }
}
