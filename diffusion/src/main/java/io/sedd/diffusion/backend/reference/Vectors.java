package io.sedd.diffusion.backend.reference;

/** The two loops that matrix products and attention are made of; fp32 numbers, sums in double. */
final class Vectors {

  private Vectors() {}

  /** sum a[i] b[i]; four partial sums, because one alone waits for every addition. */
  static double dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      sum0 += (double) a[aOffset + i] * b[bOffset + i];
      sum1 += (double) a[aOffset + i + 1] * b[bOffset + i + 1];
      sum2 += (double) a[aOffset + i + 2] * b[bOffset + i + 2];
      sum3 += (double) a[aOffset + i + 3] * b[bOffset + i + 3];
    }
    for (; i < length; i++) {
      sum0 += (double) a[aOffset + i] * b[bOffset + i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** sums[i] += factor x[i]. */
  static void addScaled(
      double factor, float[] x, int xOffset, double[] sums, int sumsOffset, int length) {
    for (int i = 0; i < length; i++) {
      sums[sumsOffset + i] += factor * x[xOffset + i];
    }
  }

  /** target[i] = sums[i]. */
  static void store(double[] sums, int sumsOffset, float[] target, int offset, int length) {
    for (int i = 0; i < length; i++) {
      target[offset + i] = (float) sums[sumsOffset + i];
    }
  }

  /** target[i] += sums[i]. */
  static void addTo(float[] target, int offset, double[] sums, int length) {
    for (int i = 0; i < length; i++) {
      target[offset + i] = (float) (target[offset + i] + sums[i]);
    }
  }
}
