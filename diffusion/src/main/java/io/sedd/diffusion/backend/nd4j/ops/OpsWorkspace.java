package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabWorkspace;
import io.sedd.diffusion.backend.Tensor;

/** A workspace in the memory of whatever device ND4J runs on. */
final class OpsWorkspace extends SlabWorkspace<Slab> {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  /** Tensors begin at multiples of 256 bytes, as memory of cards is read. */
  private static final long LINE = 64;

  OpsWorkspace(Device device) {
    super(Float.BYTES, FIRST, device::slab);
  }

  @Override
  public Tensor take(int rows, int columns) {
    Slab slab = stretch(Math.ceilDiv(Shapes.size(rows, columns), LINE) * LINE);
    return OpsTensor.window(slab, offset(), rows, columns);
  }
}
