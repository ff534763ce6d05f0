package io.sedd.protocol.checkpoint;

import java.util.Arrays;

/**
 * What a safetensors header says of one tensor.
 *
 * @param name such as {@code blocks.0.attn_qkv.weight}
 * @param type of its elements
 * @param shape row-major; empty for a scalar; a dimension may be 0
 * @param begin first byte, counted from the end of the header
 * @param end the byte after the last
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record TensorEntry(String name, TensorType type, long[] shape, long begin, long end) {

  public TensorEntry {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements: the product of the shape, 1 for a scalar. */
  public long elements() {
    return (end - begin) / type.bytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorEntry that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && begin == that.begin
        && end == that.end;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Long.hashCode(begin);
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape) + " bytes [" + begin + ", " + end + ")";
  }
}
