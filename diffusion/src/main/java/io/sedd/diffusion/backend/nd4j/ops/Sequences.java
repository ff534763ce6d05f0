package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sequences that some rows belong to: what each row has from its own, and what the rows give
 * back to it. Sums are products with a matrix of ones and zeros: the same in every run, which
 * ND4J's scattered additions on a card are not.
 */
final class Sequences {

  private final Scope scope;
  private final int first;
  private final int count;

  /** Of each row, from {@code first}. */
  private final int[] ofRow;

  Sequences(Scope scope, RowLayout layout, Chunk rows) {
    this.scope = scope;
    this.first = layout.sequenceOf(rows.first());
    this.count = layout.sequenceOf(rows.end() - 1) - first + 1;
    this.ofRow = new int[rows.rows()];
    for (int i = 0; i < ofRow.length; i++) {
      ofRow[i] = layout.sequenceOf(rows.first() + i) - first;
    }
  }

  /** The columns of modulation [S, k] of each row's sequence, in double; [rows, width]. */
  INDArray spread(OpsTensor modulation, int column, int width) {
    INDArray own = scope.doublesOf(modulation.block(first, count, column, width));
    INDArray spread = scope.doubles(ofRow.length, width);
    Ops.gather(own, scope.indices(ofRow), spread);
    return spread;
  }

  /** Adds to each sequence's columns of dModulation [S, k] the sum of its rows of [rows, width]. */
  void addSums(INDArray doubles, OpsTensor dModulation, int column) {
    int width = Math.toIntExact(doubles.size(1));
    double[] ones = new double[count * ofRow.length];
    for (int i = 0; i < ofRow.length; i++) {
      ones[ofRow[i] * ofRow.length + i] = 1;
    }
    INDArray sums = scope.doublesOf(dModulation.block(first, count, column, width));
    Ops.product(scope.matrix(ones, ofRow.length), false, doubles, false, 1, 1, sums);
    Ops.assign(sums, dModulation.block(first, count, column, width));
  }
}
