package io.sedd.protocol.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Between the little-endian elements of safetensors files, at any alignment, and numbers of this
 * platform's byte order.
 */
public final class ElementConversion {

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private ElementConversion() {}

  /** F32, F16 or BF16 to fp32; exact. The target holds 4 bytes an element. */
  public static void toFp32(TensorType type, MemorySegment data, MemorySegment target) {
    long elements = data.byteSize() / type.bytes();
    switch (type) {
      case F32 ->
          MemorySegment.copy(data, FLOAT, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, elements);
      case F16 -> {
        for (long i = 0; i < elements; i++) {
          float value = Float.float16ToFloat(data.get(SHORT, 2 * i));
          target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
        }
      }
      case BF16 -> {
        for (long i = 0; i < elements; i++) {
          float value = bf16ToFloat(data.get(SHORT, 2 * i));
          target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
        }
      }
      case I64, F64 -> throw new IllegalArgumentException(type + " does not fit into fp32");
    }
  }

  /**
   * {@code count} numbers of this platform's order (fp32 for F32 and BF16, 64-bit for I64) from
   * element {@code first} of the source to the start of the target, as stored in the file.
   */
  static void toFile(
      TensorType type, MemorySegment source, long first, int count, MemorySegment target) {
    switch (type) {
      case F32 ->
          MemorySegment.copy(
              source, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * first, target, FLOAT, 0, count);
      case I64 ->
          MemorySegment.copy(
              source, ValueLayout.JAVA_LONG_UNALIGNED, 8 * first, target, LONG, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          float value = source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * (first + i));
          target.set(SHORT, 2L * i, floatToBf16(value));
        }
      }
      case F16, F64 -> throw new IllegalArgumentException(type + " is read, not written");
    }
  }

  static float bf16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds to the nearest, ties to even; beyond the largest becomes infinite, a NaN stays one. */
  static short floatToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // the quiet bit, lest a NaN with its payload in the lower half turn into infinity
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
