package io.sedd.diffusion.backend.reference;

/** Numbers of bf16: fp32 with the upper 16 bits only. */
final class Bf16 {

  private Bf16() {}

  /** A copy, each number rounded to the nearest bf16, ties to even. */
  static ArrayTensor rounded(ArrayTensor tensor) {
    float[] values = new float[tensor.rows * tensor.columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded(tensor.data[tensor.offset + i]);
    }
    return new ArrayTensor(values, 0, tensor.rows, tensor.columns);
  }

  /** NaN stays NaN; what is too large becomes infinite. */
  static float rounded(float value) {
    if (Float.isNaN(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int lastKept = bits >>> 16 & 1;
    return Float.intBitsToFloat(bits + 0x7fff + lastKept & 0xffff0000);
  }
}
