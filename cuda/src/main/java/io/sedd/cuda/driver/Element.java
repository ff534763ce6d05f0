package io.sedd.cuda.driver;

/** How a number is kept on the device. */
public enum Element {
  F32(4),
  BF16(2);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }
}
