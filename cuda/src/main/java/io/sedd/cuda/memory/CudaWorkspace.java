package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Element;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabWorkspace;

/** A workspace in the memory of a card, counted in bytes. */
public final class CudaWorkspace extends SlabWorkspace<Allocation> {

  /** Bytes of the first slab. */
  private static final long FIRST = 4 << 20;

  private final Element element;

  CudaWorkspace(CudaMemory memory, Element element) {
    super(1, FIRST, memory::allocate);
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
    Allocation slab = stretch(CudaMemory.padded((long) Shapes.size(rows, columns) * kept.bytes()));
    return new CudaTensor(slab, slab.address() + offset(), kept, rows, columns, false);
  }
}
