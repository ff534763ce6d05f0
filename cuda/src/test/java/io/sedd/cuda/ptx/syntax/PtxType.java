package io.sedd.cuda.ptx.syntax;

import java.util.Locale;

/** The fundamental types of PTX. */
public enum PtxType {
  PRED(0),
  B8(1),
  B16(2),
  B32(4),
  B64(8),
  U8(1),
  U16(2),
  U32(4),
  U64(8),
  S8(1),
  S16(2),
  S32(4),
  S64(8),
  F16(2),
  F16X2(4),
  BF16(2),
  BF16X2(4),
  TF32(4),
  F32(4),
  F64(8);

  private final int bytes;

  PtxType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  public int bits() {
    return 8 * bytes;
  }

  public boolean signed() {
    return this == S8 || this == S16 || this == S32 || this == S64;
  }

  public boolean integer() {
    return signed() || unsigned();
  }

  public boolean unsigned() {
    return this == U8 || this == U16 || this == U32 || this == U64;
  }

  /** The type that a modifier such as {@code f32} names, or null if it names none. */
  public static PtxType of(String modifier) {
    String name = modifier.toUpperCase(Locale.ROOT);
    for (PtxType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
