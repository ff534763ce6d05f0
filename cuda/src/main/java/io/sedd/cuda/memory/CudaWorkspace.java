package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Element;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabStack;
import io.sedd.diffusion.backend.Workspace;

/** A stack on slabs of device memory; marks are in bytes. */
public final class CudaWorkspace implements Workspace {

  /** Bytes of the first slab. */
  private static final long FIRST = 4 << 20;

  private final Element element;
  private final SlabStack<Allocation> stack;

  CudaWorkspace(CudaMemory memory, Element element) {
    this.element = element;
    this.stack = new SlabStack<>(FIRST, memory::allocate);
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
    Allocation slab = stack.take(bytes);
    return new CudaTensor(slab, slab.address() + stack.offset(), kept, rows, columns, false);
  }

  @Override
  public long mark() {
    return stack.mark();
  }

  @Override
  public void release(long mark) {
    stack.release(mark);
  }

  @Override
  public long peakBytes() {
    return stack.peak();
  }

  @Override
  public void close() {
    stack.close();
  }
}
