package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabStack;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;

/** A stack on slabs of the memory of whatever device ND4J runs on; marks are in numbers. */
final class OpsWorkspace implements Workspace {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  /** Tensors begin at multiples of 256 bytes, as memory of cards is read. */
  private static final long LINE = 64;

  private final SlabStack<Slab> stack;

  OpsWorkspace(Device device) {
    this.stack = new SlabStack<>(FIRST, device::slab);
  }

  @Override
  public Tensor take(int rows, int columns) {
    Slab slab = stack.take(Math.ceilDiv(Shapes.size(rows, columns), LINE) * LINE);
    return OpsTensor.window(slab, stack.offset(), rows, columns);
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
