package io.sedd.protocol.torch;

import java.util.List;
import java.util.Map;

/** What a file of PyTorch's may hold. */
public sealed interface TorchValue {

  /** A string. */
  record Text(String value) implements TorchValue {}

  /** An integer. */
  record Whole(long value) implements TorchValue {}

  /** A floating-point number. */
  record Real(double value) implements TorchValue {}

  /** True or false. */
  record Flag(boolean value) implements TorchValue {}

  /** None. */
  record Nothing() implements TorchValue {}

  /** A list or a tuple. */
  record Sequence(List<TorchValue> items) implements TorchValue {

    /** Both name a sequence by its length: it may hold itself. */
    @Override
    public String toString() {
      return "a sequence of " + items.size();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A dictionary, in its order; keys are texts and numbers. */
  record Dictionary(Map<TorchValue, TorchValue> entries) implements TorchValue {

    /** The value of a text key; null if there is none. */
    public TorchValue get(String key) {
      return entries.get(new Text(key));
    }

    @Override
    public String toString() {
      return "a dictionary of " + entries.size();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * A tensor: a window on a storage of the same file.
   *
   * @param storage where its numbers are
   * @param offset elements of the storage before its first
   * @param shape its sizes
   * @param strides elements from one index to the next, for each dimension
   */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements TorchValue {

    /** Number of elements. */
    public long elements() {
      return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * A stretch of numbers in the file.
   *
   * @param key its name
   * @param type of its elements, as PyTorch calls it: {@code Float}, {@code BFloat16}, ...
   * @param elements their number
   */
  record Storage(String key, String type, long elements) implements TorchValue {}

  /**
   * The type of a storage's elements, as it stands in the file beside the storage's name.
   *
   * @param name as PyTorch calls it: {@code Float}, {@code BFloat16}, ...
   */
  record ElementType(String name) implements TorchValue {}
}
