package io.sedd.protocol.checkpoint;

import java.util.Optional;

/** The element types of safetensors files that this project reads; names as in the files. */
public enum TensorType {
  F64(8),
  I64(8),
  F32(4),
  F16(2),
  /** The upper half of an F32: 8 bits of exponent, 7 of fraction. */
  BF16(2);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element, bytes. */
  public int bytes() {
    return bytes;
  }

  static Optional<TensorType> named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
