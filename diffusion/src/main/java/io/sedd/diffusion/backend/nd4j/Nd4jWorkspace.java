package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabStack;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;

/** A stack on slabs of ND4J memory; marks are in numbers. */
final class Nd4jWorkspace implements Workspace {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  private final SlabStack<Nd4jMemory> stack = new SlabStack<>(FIRST, Nd4jMemory::new);

  @Override
  public Tensor take(int rows, int columns) {
    Nd4jMemory slab = stack.take(Nd4jMemory.padded(Shapes.size(rows, columns)));
    return Nd4jTensor.window(slab, stack.offset(), rows, columns);
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
    return stack.peak() * Float.BYTES;
  }

  @Override
  public void close() {
    stack.close();
  }
}
