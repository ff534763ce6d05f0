package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.RowLayout;

/** x += gate ⊙ branch; x, branch [R, h], gate of the row's sequence in modulation [S, k]. */
final class GateKernels {

  private GateKernels() {}

  static void addGated(
      ArrayTensor branch, ArrayTensor modulation, int gateColumn, RowLayout layout, ArrayTensor x) {
    for (int r = 0; r < x.rows; r++) {
      int gate = modulation.row(layout.sequenceOf(r)) + gateColumn;
      for (int i = 0; i < x.columns; i++) {
        double added = (double) modulation.data[gate + i] * branch.data[branch.row(r) + i];
        x.data[x.row(r) + i] = (float) (x.data[x.row(r) + i] + added);
      }
    }
  }

  /** dBranch = gate ⊙ dx; of each sequence dGate += sum_r dx ⊙ branch. */
  static void addGatedBackward(
      ArrayTensor dx,
      ArrayTensor branch,
      ArrayTensor modulation,
      int gateColumn,
      RowLayout layout,
      ArrayTensor dBranch,
      ArrayTensor dModulation) {
    for (int s = 0; s < layout.sequences(); s++) {
      int gate = modulation.row(s) + gateColumn;
      double[] dGate = new double[dx.columns];
      for (int r = layout.start(s); r < layout.end(s); r++) {
        for (int i = 0; i < dx.columns; i++) {
          double g = dx.data[dx.row(r) + i];
          dGate[i] += g * branch.data[branch.row(r) + i];
          dBranch.data[dBranch.row(r) + i] = (float) (g * modulation.data[gate + i]);
        }
      }
      Vectors.addTo(dModulation.data, dModulation.row(s) + gateColumn, dGate, dx.columns);
    }
  }
}
