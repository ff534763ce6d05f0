package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.Operand.Order;
import java.util.Arrays;

/**
 * A product C [m, n] = A [m, k] B [k, n], or the same added to C, cut into tiles, each by a
 * primitive on one thread. Tiles begin at multiples of their size; the rows that are left are a
 * tile of a multiple of {@value #STEP} and one of fewer, so that few primitives serve all row
 * counts.
 */
final class TiledProduct {

  /** What is multiplied; C is always row after row. */
  record Factors(int m, int k, int n, Operand a, Operand b, boolean adds) {}

  /**
   * Columns of a tile: with B in a stripe of 512 x 768 numbers of fp32 it reaches 157 GFLOP/s on
   * two cores with AVX2, with 256 145 and with 1,024 140.
   */
  static final int STRIPE = 512;

  private static final int MOST_ROWS = 256;
  private static final int STEP = 16;

  private final int stripe;

  private final Factors factors;
  private final int stripes;
  private final int rows;
  private final int[] starts;

  /** [row tile][0: whole stripe, 1: last stripe]. */
  private final Matmul[][] tiles;

  /** Bytes from one whole packed stripe to the next; 0 where B is not packed. */
  private final long stripeBytes;

  TiledProduct(Factors factors, Matmuls matmuls, int threads) {
    this.factors = factors;
    boolean wide = factors.n() >= factors.m();
    // sums over all rows of a batch: every tile has the library lay out its factors anew, which are
    // as long as the batch, so there is one tile a thread
    this.stripe = factors.adds() ? part(factors.n(), wide ? threads : 1) : STRIPE;
    this.stripes = Math.ceilDiv(factors.n(), stripe);
    this.rows =
        factors.adds()
            ? part(factors.m(), wide ? 1 : threads)
            : rowsOfTile(factors.m(), stripes, threads);
    this.starts = starts(factors.m(), rows);
    this.tiles = new Matmul[starts.length - 1][2];
    for (int tile = 0; tile < tiles.length; tile++) {
      int height = starts[tile + 1] - starts[tile];
      if (stripes > 1) {
        tiles[tile][0] = matmuls.product(shape(height, stripe));
      }
      tiles[tile][1] = matmuls.product(shape(height, factors.n() - (stripes - 1) * stripe));
    }
    this.stripeBytes =
        factors.b().order() == Order.PACKED && stripes > 1
            ? matmuls.packedBytes(factors.k(), STRIPE, factors.b().type())
            : 0;
  }

  private static int part(int whole, int parts) {
    return Math.ceilDiv(Math.ceilDiv(whole, parts), STEP) * STEP;
  }

  private static int rowsOfTile(int m, int stripes, int threads) {
    int rows = MOST_ROWS;
    while (rows > STEP && Math.ceilDiv(m, rows) * stripes < 2 * threads && threads > 1) {
      rows /= 2;
    }
    return rows;
  }

  private static int[] starts(int m, int rows) {
    int[] starts = new int[m / rows + 3];
    int count = 0;
    int at = 0;
    while (at < m) {
      starts[count++] = at;
      int left = m - at;
      at += left >= rows ? rows : left >= STEP ? left / STEP * STEP : left;
    }
    starts[count++] = m;
    return Arrays.copyOf(starts, count);
  }

  private Matmuls.Shape shape(int height, int width) {
    long lda = factors.a().order() == Order.ROWS ? factors.k() : factors.m();
    long ldb = factors.b().order() == Order.ROWS ? factors.n() : factors.k();
    return new Matmuls.Shape(
        height,
        factors.k(),
        width,
        factors.a(),
        lda,
        factors.b(),
        ldb,
        factors.n(),
        factors.adds());
  }

  /** Number of tiles. */
  int count() {
    return tiles.length * stripes;
  }

  /** First row of a tile. */
  int firstRow(int tile) {
    return starts[tile % tiles.length];
  }

  /** Row after the last of a tile. */
  int endRow(int tile) {
    return starts[tile % tiles.length + 1];
  }

  /** First column of a tile. */
  int firstColumn(int tile) {
    return tile / tiles.length * stripe;
  }

  /** Column after the last of a tile. */
  int endColumn(int tile) {
    return Math.min(firstColumn(tile) + stripe, factors.n());
  }

  /** Computes one tile; tiles of one stripe follow each other, so that B stays in the cache. */
  void run(int tile, int worker, long a, long b, long c) {
    int column = firstColumn(tile);
    long row = firstRow(tile);
    int sizeA = factors.a().type().bytes();
    int sizeB = factors.b().type().bytes();
    long fromA = a + sizeA * (factors.a().order() == Order.ROWS ? row * factors.k() : row);
    long fromB =
        switch (factors.b().order()) {
          case ROWS -> b + (long) sizeB * column;
          case COLUMNS -> b + (long) sizeB * column * factors.k();
          case PACKED -> b + stripeBytes * (column / stripe);
        };
    Matmul matmul = tiles[tile % tiles.length][column / stripe == stripes - 1 ? 1 : 0];
    matmul.run(worker, fromA, fromB, c + 4 * (row * factors.n() + column));
  }
}
