package io.sedd.cuda.driver;

import java.util.Arrays;

/**
 * The arguments of a launch, in the order of the kernel's parameters. Each is kept as the bits that
 * the parameter takes, the low ones of a long.
 */
public final class KernelArguments {

  /** Size of a parameter. */
  public enum Kind {
    BITS32(4),
    BITS64(8);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    /** Of the parameter, which is also its alignment. */
    public int bytes() {
      return bytes;
    }
  }

  private Kind[] kinds = new Kind[12];
  private long[] bits = new long[12];
  private int count;

  /** A device address, or 0 for a null pointer. */
  public KernelArguments address(long address) {
    return add(Kind.BITS64, address);
  }

  public KernelArguments int32(int value) {
    return add(Kind.BITS32, Integer.toUnsignedLong(value));
  }

  public KernelArguments int64(long value) {
    return add(Kind.BITS64, value);
  }

  public KernelArguments float32(float value) {
    return int32(Float.floatToRawIntBits(value));
  }

  public KernelArguments float64(double value) {
    return add(Kind.BITS64, Double.doubleToRawLongBits(value));
  }

  public int count() {
    return count;
  }

  public Kind kind(int index) {
    return kinds[index];
  }

  public long bits(int index) {
    return bits[index];
  }

  private KernelArguments add(Kind kind, long value) {
    if (count == bits.length) {
      kinds = Arrays.copyOf(kinds, 2 * count);
      bits = Arrays.copyOf(bits, 2 * count);
    }
    kinds[count] = kind;
    bits[count++] = value;
    return this;
  }
}
