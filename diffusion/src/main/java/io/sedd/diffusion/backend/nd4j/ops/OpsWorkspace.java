package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack on slabs of the device's memory.
 *
 * <ul>
 *   <li>What does not fit the present slab goes to the next: tensors that were taken never move.
 *   <li>Each new slab doubles the whole; an emptied stack of several slabs becomes one of their
 *       sum.
 *   <li>Marks are numbers from the bottom of the first slab on, the unused ends of slabs included.
 * </ul>
 */
final class OpsWorkspace implements Workspace {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  /** Tensors begin at multiples of 256 bytes, as memory of cards is read. */
  private static final long LINE = 64;

  private final Device device;
  private final List<Slab> slabs = new ArrayList<>();
  private long height;
  private long peak;

  OpsWorkspace(Device device) {
    this.device = device;
  }

  @Override
  public Tensor take(int rows, int columns) {
    long size = Math.ceilDiv(Shapes.size(rows, columns), LINE) * LINE;
    long bottom = 0;
    for (Slab slab : slabs) {
      long start = Math.max(height, bottom);
      if (start + size <= bottom + slab.capacity()) {
        return taken(slab, start - bottom, start + size, rows, columns);
      }
      bottom += slab.capacity();
    }
    Slab slab = device.slab(Math.max(size, Math.max(FIRST, bottom)));
    slabs.add(slab);
    return taken(slab, 0, bottom + size, rows, columns);
  }

  private Tensor taken(Slab slab, long offset, long newHeight, int rows, int columns) {
    height = newHeight;
    peak = Math.max(peak, height);
    return OpsTensor.window(slab, offset, rows, columns);
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
      long whole = slabs.stream().mapToLong(Slab::capacity).sum();
      close();
      slabs.add(device.slab(whole));
    }
  }

  @Override
  public long peakBytes() {
    return peak * Float.BYTES;
  }

  @Override
  public void close() {
    slabs.forEach(Slab::close);
    slabs.clear();
  }
}
