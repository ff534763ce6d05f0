package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/** x += gate ⊙ branch; x, branch [R, h], gate of the row's sequence in modulation [S, k]. */
final class GateKernels {

  private final Device device;

  GateKernels(Device device) {
    this.device = device;
  }

  void addGated(
      OpsTensor branch, OpsTensor modulation, int gateColumn, RowLayout layout, OpsTensor x) {
    for (Chunk chunk : Chunk.of(x.rows(), x.columns())) {
      try (Scope scope = device.scope()) {
        INDArray added = scope.doublesOf(branch.rows(chunk.first(), chunk.rows()));
        INDArray gate =
            new Sequences(scope, layout, chunk).spread(modulation, gateColumn, x.columns());
        Ops.multiply(added, gate, added);
        INDArray target = x.rows(chunk.first(), chunk.rows());
        Ops.add(added, scope.doublesOf(target), added);
        Ops.assign(added, target);
      }
    }
  }

  /** dBranch = gate ⊙ dx; of each sequence dGate += sum_r dx ⊙ branch. */
  void addGatedBackward(
      OpsTensor dx,
      OpsTensor branch,
      OpsTensor modulation,
      int gateColumn,
      RowLayout layout,
      OpsTensor dBranch,
      OpsTensor dModulation) {
    for (Chunk chunk : Chunk.of(dx.rows(), dx.columns())) {
      try (Scope scope = device.scope()) {
        Sequences sequences = new Sequences(scope, layout, chunk);
        INDArray wide = scope.doublesOf(dx.rows(chunk.first(), chunk.rows()));
        INDArray dGate = scope.doublesOf(branch.rows(chunk.first(), chunk.rows()));
        Ops.multiply(dGate, wide, dGate);
        sequences.addSums(dGate, dModulation, gateColumn);
        Ops.multiply(wide, sequences.spread(modulation, gateColumn, dx.columns()), wide);
        Ops.assign(wide, dBranch.rows(chunk.first(), chunk.rows()));
      }
    }
  }
}
