package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * z = n w (1 + scale) + shift, n = (x - mean) / sqrt(variance + 1e-5); x, z [R, h], w [1, h], shift
 * and scale in the columns of modulation [S, k]. statistics [R, 2]: mean, 1/sqrt(variance + 1e-5).
 * In double.
 */
final class NormKernels {

  private static final double EPSILON = 1e-5;

  private final Device device;

  NormKernels(Device device) {
    this.device = device;
  }

  void normModulate(
      OpsTensor x,
      OpsTensor weight,
      OpsTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      OpsTensor statistics,
      OpsTensor z) {
    int h = x.columns();
    for (Chunk chunk : Chunk.of(x.rows(), h)) {
      try (Scope scope = device.scope()) {
        Sequences sequences = new Sequences(scope, layout, chunk);
        INDArray n = scope.doublesOf(x.rows(chunk.first(), chunk.rows()));
        INDArray mean = scope.doubles(chunk.rows(), 1);
        Ops.sum(n, mean);
        Ops.scale(mean, 1.0 / h);
        Ops.subtract(n, mean, n);
        INDArray other = scope.doubles(chunk.rows(), h);
        Ops.multiply(n, n, other);
        INDArray inverse = scope.doubles(chunk.rows(), 1);
        Ops.sum(other, inverse);
        Ops.scale(inverse, 1.0 / h);
        Ops.shift(inverse, EPSILON);
        Ops.root(inverse);
        Ops.reciprocal(inverse);
        Ops.multiply(n, inverse, n);
        Ops.multiply(n, scope.doublesOf(weight.array()), n);
        INDArray scale = sequences.spread(modulation, scaleColumn, h);
        Ops.shift(scale, 1);
        Ops.multiply(n, scale, n);
        Ops.add(n, sequences.spread(modulation, shiftColumn, h), n);
        Ops.assign(n, z.rows(chunk.first(), chunk.rows()));
        if (statistics != null) {
          Ops.assign(mean, statistics.block(chunk.first(), chunk.rows(), 0, 1));
          Ops.assign(inverse, statistics.block(chunk.first(), chunk.rows(), 1, 1));
        }
      }
    }
  }

  /**
   * dn = dz w (1 + scale); dx += (dn - mean(dn) - n mean(dn n)) inverse; dw += sum_r dz n (1 +
   * scale); of each sequence dShift += sum_r dz, dScale += sum_r dz n w.
   */
  void normModulateBackward(
      OpsTensor dz,
      OpsTensor x,
      OpsTensor weight,
      OpsTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      OpsTensor statistics,
      OpsTensor dx,
      OpsTensor dWeight,
      OpsTensor dModulation) {
    int h = x.columns();
    for (Chunk chunk : Chunk.of(x.rows(), h)) {
      try (Scope scope = device.scope()) {
        Sequences sequences = new Sequences(scope, layout, chunk);
        INDArray mean = scope.doublesOf(statistics.block(chunk.first(), chunk.rows(), 0, 1));
        INDArray inverse = scope.doublesOf(statistics.block(chunk.first(), chunk.rows(), 1, 1));
        INDArray n = scope.doublesOf(x.rows(chunk.first(), chunk.rows()));
        Ops.subtract(n, mean, n);
        Ops.multiply(n, inverse, n);
        INDArray dn = scope.doublesOf(dz.rows(chunk.first(), chunk.rows()));
        sequences.addSums(dn, dModulation, shiftColumn);
        INDArray w = scope.doublesOf(weight.array());
        INDArray scaled = scope.doubles(chunk.rows(), h);
        Ops.multiply(dn, n, scaled);
        INDArray other = scope.doubles(chunk.rows(), h);
        Ops.multiply(scaled, w, other);
        sequences.addSums(other, dModulation, scaleColumn);
        INDArray scale = sequences.spread(modulation, scaleColumn, h);
        Ops.shift(scale, 1);
        Ops.multiply(scaled, scale, scaled);
        addRows(scope, scaled, dWeight);
        Ops.multiply(dn, scale, dn);
        Ops.multiply(dn, w, dn);
        Ops.multiply(dn, n, other);
        INDArray meanDn = scope.doubles(chunk.rows(), 1);
        Ops.sum(dn, meanDn);
        Ops.scale(meanDn, 1.0 / h);
        INDArray meanDnN = scope.doubles(chunk.rows(), 1);
        Ops.sum(other, meanDnN);
        Ops.scale(meanDnN, 1.0 / h);
        Ops.subtract(dn, meanDn, dn);
        Ops.multiply(n, meanDnN, n);
        Ops.subtract(dn, n, dn);
        Ops.multiply(dn, inverse, dn);
        INDArray target = dx.rows(chunk.first(), chunk.rows());
        Ops.add(dn, scope.doublesOf(target), dn);
        Ops.assign(dn, target);
      }
    }
  }

  /** target [1, h] += the sum of the rows of [rows, h]. */
  private static void addRows(Scope scope, INDArray doubles, OpsTensor target) {
    INDArray ones = scope.doubles(1, doubles.size(0));
    Ops.fill(ones, 1);
    INDArray sum = scope.doublesOf(target.array());
    Ops.product(ones, false, doubles, false, 1, 1, sum);
    Ops.assign(sum, target.array());
  }
}
