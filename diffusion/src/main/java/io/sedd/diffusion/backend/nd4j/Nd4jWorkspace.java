package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.SlabWorkspace;
import io.sedd.diffusion.backend.Tensor;

/** A workspace in ND4J's memory of the host. */
final class Nd4jWorkspace extends SlabWorkspace<Nd4jMemory> {

  /** Numbers of the first slab: 4 MiB. */
  private static final long FIRST = 1 << 20;

  Nd4jWorkspace() {
    super(Float.BYTES, FIRST, Nd4jMemory::new);
  }

  @Override
  public Tensor take(int rows, int columns) {
    Nd4jMemory slab = stretch(Nd4jMemory.padded(Shapes.size(rows, columns)));
    return Nd4jTensor.window(slab, offset(), rows, columns);
  }
}
