package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack on slabs of ND4J memory.
 *
 * <ul>
 *   <li>What does not fit the present slab goes to the next: tensors that were taken never move.
 *   <li>Each new slab doubles the whole; an emptied stack of several slabs becomes one of their
 *       sum, so that a steady step works in a single stretch.
 *   <li>Marks are numbers from the bottom of the first slab on, the unused ends of slabs included.
 * </ul>
 */
final class Nd4jWorkspace implements Workspace {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  private final List<Nd4jMemory> slabs = new ArrayList<>();
  private long height;
  private long peak;

  @Override
  public Tensor take(int rows, int columns) {
    long size = Nd4jMemory.padded(Shapes.size(rows, columns));
    long bottom = 0;
    for (Nd4jMemory slab : slabs) {
      long start = Math.max(height, bottom);
      if (start + size <= bottom + slab.capacity()) {
        return taken(slab, start - bottom, start + size, rows, columns);
      }
      bottom += slab.capacity();
    }
    Nd4jMemory slab = new Nd4jMemory(Nd4jMemory.padded(Math.max(size, Math.max(FIRST, bottom))));
    slabs.add(slab);
    return taken(slab, 0, bottom + size, rows, columns);
  }

  private Tensor taken(Nd4jMemory slab, long offset, long newHeight, int rows, int columns) {
    height = newHeight;
    peak = Math.max(peak, height);
    return Nd4jTensor.window(slab, offset, rows, columns);
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
      long whole = slabs.stream().mapToLong(Nd4jMemory::capacity).sum();
      close();
      slabs.add(new Nd4jMemory(whole));
    }
  }

  @Override
  public long peakBytes() {
    return 4 * peak;
  }

  @Override
  public void close() {
    slabs.forEach(Nd4jMemory::close);
    slabs.clear();
  }
}
