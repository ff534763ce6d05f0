package io.sedd.diffusion.backend.nd4j.ops;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A kernel's own arrays on the device, given back together when it ends: left to the garbage
 * collector they would fill the device long before the Java heap asks for a collection. Rows and
 * columns are at least 1.
 */
final class Scope implements AutoCloseable {

  private final Device device;
  private final List<INDArray> taken = new ArrayList<>();

  Scope(Device device) {
    this.device = device;
  }

  /** fp32, of undefined content. */
  INDArray floats(long... shape) {
    return taken(() -> Nd4j.createUninitialized(DataType.FLOAT, shape, 'c'));
  }

  /** Double, of undefined content. */
  INDArray doubles(long... shape) {
    return taken(() -> Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c'));
  }

  /** Double numbers of another array. */
  INDArray doublesOf(INDArray x) {
    INDArray wide = doubles(x.shape());
    Ops.assign(x, wide);
    return wide;
  }

  /** Numbers of the host, [length]. */
  INDArray of(float[] values) {
    return taken(() -> Nd4j.createFromArray(values));
  }

  /** Numbers of the host, [length, 1]. */
  INDArray column(double[] values) {
    return matrix(values, 1);
  }

  /** Numbers of the host, row after row. */
  INDArray matrix(double[] values, int columns) {
    return taken(() -> Nd4j.createFromArray(values)).reshape('c', values.length / columns, columns);
  }

  /** Indices of the host, [length]. */
  INDArray indices(int[] values) {
    return taken(() -> Nd4j.createFromArray(values));
  }

  /** Of each row of [rows, columns] one entry, as its index in all; one column a row. */
  INDArray entries(int[] columnOfRow, int columns) {
    int[] entries = new int[columnOfRow.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = i * columns + columnOfRow[i];
    }
    return indices(entries);
  }

  /** Sets {@link #entries} of a double array of this scope. */
  void set(INDArray doubles, INDArray entries, double value) {
    INDArray values = doubles(entries.length());
    Ops.fill(values, value);
    Ops.scatterSet(flat(doubles), entries, values);
  }

  /** Gets {@link #entries} of a double array of this scope. */
  double[] get(INDArray doubles, INDArray entries) {
    INDArray values = doubles(entries.length());
    Ops.gather(flat(doubles), entries, values);
    return toHost(values);
  }

  /** The sum of each row of a double array of this scope. */
  double[] rowSums(INDArray doubles) {
    INDArray sums = doubles(doubles.size(0), 1);
    Ops.sum(doubles, sums);
    return toHost(sums);
  }

  /** All elements of an array of this scope, [length]. */
  static INDArray flat(INDArray array) {
    return array.reshape('c', new long[] {array.length()});
  }

  private INDArray taken(Supplier<INDArray> allocation) {
    INDArray array = device.allocate(allocation);
    taken.add(array);
    return array;
  }

  /**
   * The numbers of an fp32 array of this scope in the host's memory, row after row, until the scope
   * ends.
   */
  static MemorySegment onHost(INDArray floats) {
    return MemorySegment.ofBuffer(floats.data().asNioFloat());
  }

  /** The numbers of a double array of this scope. */
  static double[] toHost(INDArray doubles) {
    double[] values = new double[Math.toIntExact(doubles.length())];
    doubles.data().asNioDouble().get(values);
    return values;
  }

  @Override
  public void close() {
    taken.reversed().forEach(INDArray::close);
    taken.clear();
  }
}
