package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.RowLayout;

/**
 * z = n w (1 + scale) + shift, n = (x - mean) / sqrt(variance + 1e-5); x, z [R, h], w [1, h], shift
 * and scale in the columns of modulation [S, k]. statistics [R, 2]: mean, 1/sqrt(variance + 1e-5).
 */
final class NormKernels {

  private static final double EPSILON = 1e-5;

  private NormKernels() {}

  static void normModulate(
      ArrayTensor x,
      ArrayTensor weight,
      ArrayTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      ArrayTensor statistics,
      ArrayTensor z) {
    int h = x.columns;
    for (int r = 0; r < x.rows; r++) {
      double mean = 0;
      for (int i = 0; i < h; i++) {
        mean += x.data[x.row(r) + i];
      }
      mean /= h;
      double variance = 0;
      for (int i = 0; i < h; i++) {
        double centred = x.data[x.row(r) + i] - mean;
        variance += centred * centred;
      }
      double inverse = 1 / Math.sqrt(variance / h + EPSILON);
      int shift = modulation.row(layout.sequenceOf(r)) + shiftColumn;
      int scale = modulation.row(layout.sequenceOf(r)) + scaleColumn;
      for (int i = 0; i < h; i++) {
        double n = (x.data[x.row(r) + i] - mean) * inverse;
        double w = weight.data[weight.offset + i] * (1.0 + modulation.data[scale + i]);
        z.data[z.row(r) + i] = (float) (n * w + modulation.data[shift + i]);
      }
      if (statistics != null) {
        statistics.data[statistics.row(r)] = (float) mean;
        statistics.data[statistics.row(r) + 1] = (float) inverse;
      }
    }
  }

  /**
   * dn = dz w (1 + scale); dx += (dn - mean(dn) - n mean(dn n)) inverse; dw += sum_r dz n (1 +
   * scale); of each sequence dShift += sum_r dz, dScale += sum_r dz n w.
   */
  static void normModulateBackward(
      ArrayTensor dz,
      ArrayTensor x,
      ArrayTensor weight,
      ArrayTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      ArrayTensor statistics,
      ArrayTensor dx,
      ArrayTensor dWeight,
      ArrayTensor dModulation) {
    int h = x.columns;
    double[] dw = new double[h];
    double[] n = new double[h];
    double[] dn = new double[h];
    for (int s = 0; s < layout.sequences(); s++) {
      double[] dShift = new double[h];
      double[] dScale = new double[h];
      int scaleAt = modulation.row(s) + scaleColumn;
      for (int r = layout.start(s); r < layout.end(s); r++) {
        double mean = statistics.data[statistics.row(r)];
        double inverse = statistics.data[statistics.row(r) + 1];
        for (int i = 0; i < h; i++) {
          double g = dz.data[dz.row(r) + i];
          double w = weight.data[weight.offset + i];
          double scale = 1.0 + modulation.data[scaleAt + i];
          n[i] = (x.data[x.row(r) + i] - mean) * inverse;
          dn[i] = g * w * scale;
          dw[i] += g * n[i] * scale;
          dShift[i] += g;
          dScale[i] += g * n[i] * w;
        }
        addInputGradient(n, dn, inverse, dx, r);
      }
      Vectors.addTo(dModulation.data, dModulation.row(s) + shiftColumn, dShift, h);
      Vectors.addTo(dModulation.data, dModulation.row(s) + scaleColumn, dScale, h);
    }
    Vectors.addTo(dWeight.data, dWeight.offset, dw, h);
  }

  private static void addInputGradient(
      double[] n, double[] dn, double inverse, ArrayTensor dx, int row) {
    double meanDn = 0;
    double meanDnN = 0;
    for (int i = 0; i < n.length; i++) {
      meanDn += dn[i] / n.length;
      meanDnN += dn[i] * n[i] / n.length;
    }
    for (int i = 0; i < n.length; i++) {
      int at = dx.row(row) + i;
      dx.data[at] = (float) (dx.data[at] + (dn[i] - meanDn - n[i] * meanDnN) * inverse);
    }
  }
}
