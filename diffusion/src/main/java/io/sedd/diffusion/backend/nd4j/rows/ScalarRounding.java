package io.sedd.diffusion.backend.nd4j.rows;

import java.lang.foreign.ValueLayout;

/** {@link RoundingRows} in plain Java. */
final class ScalarRounding implements RoundingRows {

  @Override
  public void toBf16(long source, long target, int n) {
    for (int i = 0; i < n; i++) {
      short high = (short) (rounded(Memory.get(source + 4L * i)) >>> 16);
      Memory.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, target + 2L * i, high);
    }
  }

  @Override
  public void round(long source, long target, int n) {
    for (int i = 0; i < n; i++) {
      int bits = rounded(Memory.get(source + 4L * i)) & 0xffff0000;
      Memory.set(target + 4L * i, Float.intBitsToFloat(bits));
    }
  }

  @Override
  public void widen(long source, long target, int n) {
    for (int i = 0; i < n; i++) {
      int high = Memory.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, source + 2L * i) << 16;
      Memory.set(target + 4L * i, Float.intBitsToFloat(high));
    }
  }

  /** Bits whose upper half is the bf16 number. */
  private static int rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value) ? bits | 0x00400000 : bits + 0x7fff + (bits >>> 16 & 1);
  }
}
