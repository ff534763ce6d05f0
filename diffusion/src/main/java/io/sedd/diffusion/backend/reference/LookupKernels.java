package io.sedd.diffusion.backend.reference;

/** y[i] = x[rows[i]], the embedding among them; x [R, h], y [rows, h]. */
final class LookupKernels {

  private LookupKernels() {}

  static void gather(ArrayTensor x, int[] rows, ArrayTensor y) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x.data, x.row(rows[i]), y.data, y.row(i), x.columns);
    }
  }

  /** dx[rows[i]] += dy[i]; a row may come more than once. */
  static void gatherBackward(ArrayTensor dy, int[] rows, ArrayTensor dx) {
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < dx.columns; c++) {
        dx.data[dx.row(rows[i]) + c] += dy.data[dy.row(i) + c];
      }
    }
  }
}
