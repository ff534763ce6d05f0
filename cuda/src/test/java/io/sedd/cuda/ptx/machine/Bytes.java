package io.sedd.cuda.ptx.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in arrays of bytes, little-endian as on the card. */
public final class Bytes {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  public static int int16(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at) & 0xffff;
  }

  public static int int32(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  public static long int64(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  public static void int16(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  public static void int32(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  public static void int64(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }
}
