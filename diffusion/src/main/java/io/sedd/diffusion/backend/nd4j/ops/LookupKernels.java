package io.sedd.diffusion.backend.nd4j.ops;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** y[i] = x[rows[i]], the embedding among them; x [R, h], y [rows, h]. */
final class LookupKernels {

  /** Rows whose sums are taken at once, by a product with a matrix as high and as wide. */
  private static final int SUMMED = 256;

  private final Device device;

  LookupKernels(Device device) {
    this.device = device;
  }

  void gather(OpsTensor x, int[] rows, OpsTensor y) {
    if (y.isEmpty()) {
      return;
    }
    try (Scope scope = device.scope()) {
      Ops.gather(x.array(), scope.indices(rows), y.array());
    }
  }

  /**
   * dx[rows[i]] += dy[i]; a row may come more than once. ND4J's scattered addition loses additions
   * to a row that comes twice, so those are summed before: the rows in the order of their targets,
   * some at once.
   */
  void gatherBackward(OpsTensor dy, int[] rows, OpsTensor dx) {
    if (dy.isEmpty()) {
      return;
    }
    long[] order = new long[rows.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) rows[i] << Integer.SIZE | i;
    }
    Arrays.sort(order);
    for (Chunk chunk : Chunk.atMost(SUMMED, rows.length)) {
      try (Scope scope = device.scope()) {
        int[] sources = new int[chunk.rows()];
        int[] targets = new int[chunk.rows()];
        for (int i = 0; i < sources.length; i++) {
          sources[i] = (int) order[chunk.first() + i];
          targets[i] = rows[sources[i]];
        }
        INDArray added = scope.floats(sources.length, dy.columns());
        Ops.gather(dy.array(), scope.indices(sources), added);
        add(scope, added, targets, dx);
      }
    }
  }

  private static void add(Scope scope, INDArray added, int[] targets, OpsTensor dx) {
    int[] distinct = IntStream.of(targets).distinct().toArray();
    INDArray sums = added;
    if (distinct.length < targets.length) {
      float[] ones = new float[distinct.length * targets.length];
      for (int i = 0, target = 0; i < targets.length; i++) {
        if (distinct[target] != targets[i]) {
          target++;
        }
        ones[target * targets.length + i] = 1;
      }
      sums = scope.floats(distinct.length, dx.columns());
      INDArray matrix = scope.of(ones).reshape('c', distinct.length, targets.length);
      Ops.product(matrix, false, added, false, 1, 0, sums);
    }
    if (dx.rows() == 1) {
      // a table that is a vector itself would be taken for one of single numbers, on a card
      Ops.add(dx.array(), sums, dx.array());
    } else {
      Ops.scatterAdd(dx.array(), scope.indices(distinct), sums);
    }
  }
}
