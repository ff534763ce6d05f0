package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Element;
import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack on slabs of device memory.
 *
 * <ul>
 *   <li>What does not fit the present slab goes to the next: tensors that were taken never move.
 *   <li>Each new slab doubles the whole where the device has room for that, and is else as large as
 *       it must be.
 *   <li>An emptied stack of several slabs becomes one of their sum, so that a steady step works in
 *       a single stretch, at the same addresses in every step, as a captured graph needs it.
 *   <li>Marks are bytes from the bottom of the first slab on, the unused ends of slabs included.
 * </ul>
 */
public final class CudaWorkspace implements Workspace {

  /** Bytes of the first slab. */
  private static final long FIRST = 4 << 20;

  private final CudaMemory memory;
  private final Element element;
  private final List<Allocation> slabs = new ArrayList<>();
  private long height;
  private long peak;

  CudaWorkspace(CudaMemory memory, Element element) {
    this.memory = memory;
    this.element = element;
  }

  @Override
  public CudaTensor take(int rows, int columns) {
    return take(element, rows, columns);
  }

  @Override
  public CudaTensor takeFactor(int rows, int columns) {
    return take(Element.BF16, rows, columns);
  }

  /** As {@link #take(int, int)}, for numbers that are kept otherwise than usual here. */
  public CudaTensor take(Element kept, int rows, int columns) {
    long bytes = CudaMemory.padded((long) Shapes.size(rows, columns) * kept.bytes());
    long bottom = 0;
    for (Allocation slab : slabs) {
      long start = Math.max(height, bottom);
      if (start + bytes <= bottom + slab.bytes()) {
        return taken(slab, start - bottom, start + bytes, kept, rows, columns);
      }
      bottom += slab.bytes();
    }
    Allocation slab = slab(bytes, CudaMemory.padded(Math.max(FIRST, bottom)));
    slabs.add(slab);
    return taken(slab, 0, bottom + bytes, kept, rows, columns);
  }

  private Allocation slab(long needed, long wanted) {
    if (wanted > needed) {
      try {
        return memory.allocate(wanted);
      } catch (DeviceException.OutOfMemory _) {
        // room to grow was a wish; what is needed may still fit
      }
    }
    return memory.allocate(needed);
  }

  private CudaTensor taken(
      Allocation slab, long offset, long newHeight, Element kept, int rows, int columns) {
    height = newHeight;
    peak = Math.max(peak, height);
    return new CudaTensor(slab, slab.address() + offset, kept, rows, columns, false);
  }

  @Override
  public long mark() {
    return height;
  }

  @Override
  public void release(long mark) {
    if (mark < 0 || mark > height) {
      throw new IllegalArgumentException(
          "mark " + mark + " is not below the present height " + height + " of the workspace");
    }
    height = mark;
    if (height == 0 && slabs.size() > 1) {
      merge();
    }
  }

  private void merge() {
    long whole = slabs.stream().mapToLong(Allocation::bytes).sum();
    close();
    try {
      slabs.add(memory.allocate(whole));
    } catch (DeviceException.OutOfMemory _) {
      // the device is in pieces, or somebody else was faster: the next step takes what it needs
    }
  }

  @Override
  public long peakBytes() {
    return peak;
  }

  @Override
  public void close() {
    slabs.forEach(Allocation::close);
    slabs.clear();
  }
}
