package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stack of tensors in a few arrays ("slabs") that are kept. A tensor lies in one slab; what is
 * left of a slab that is too short for it is skipped, and counts as used.
 *
 * <p>Taken tensors are filled with NaN, so that a kernel which reads what nobody wrote shows.
 */
final class ArrayWorkspace implements Workspace {

  private static final int SMALLEST_SLAB = 1 << 16;

  /** Slab i holds the heights from the sum of the lengths before it on. */
  private final List<float[]> slabs = new ArrayList<>();

  private int slab = -1;
  private int used;
  private long slabBase;
  private long peak;

  @Override
  public Tensor take(int rows, int columns) {
    int size = Shapes.size(rows, columns);
    while (slab < 0 || slabs.get(slab).length - used < size) {
      enterNextSlab(size);
    }
    ArrayTensor taken = new ArrayTensor(slabs.get(slab), used, rows, columns);
    Arrays.fill(taken.data, taken.offset, taken.end(), Float.NaN);
    used += size;
    peak = Math.max(peak, mark());
    return taken;
  }

  /** The slab above, or in its place a new one of at least all present ones together. */
  private void enterNextSlab(int size) {
    int next = slab + 1;
    if (next == slabs.size() || slabs.get(next).length < size) {
      slabs.subList(next, slabs.size()).clear();
      long present = slabs.stream().mapToLong(array -> array.length).sum();
      int grown = (int) Math.min(Math.max(present, SMALLEST_SLAB), Integer.MAX_VALUE - 8);
      slabs.add(new float[Math.max(size, grown)]);
    }
    slabBase += slab < 0 ? 0 : slabs.get(slab).length;
    slab = next;
    used = 0;
  }

  @Override
  public long mark() {
    return slabBase + used;
  }

  @Override
  public void release(long mark) {
    if (mark < 0 || mark > mark()) {
      throw new IllegalArgumentException(
          "mark " + mark + " is not below the present height " + mark());
    }
    while (mark < slabBase) {
      slab--;
      slabBase -= slabs.get(slab).length;
    }
    used = (int) (mark - slabBase);
  }

  @Override
  public long peakBytes() {
    return peak * Float.BYTES;
  }

  @Override
  public void close() {
    reset();
    slabs.clear();
    slab = -1;
  }
}
