package io.sedd.cuda.ptx.machine;

/** A stretch of global memory. */
public final class Allocation {

  final long address;
  final byte[] bytes;
  final Written written;
  private final String name;

  Allocation(long address, int size, String name) {
    this.address = address;
    this.bytes = new byte[size];
    this.written = new Written(size);
    this.name = name;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Position in {@link #bytes} of an address in this allocation. */
  public int offset(long at) {
    return (int) (at - address);
  }

  @Override
  public String toString() {
    return "%s of %,d bytes at 0x%x".formatted(name, bytes.length, address);
  }
}
