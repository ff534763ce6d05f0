package io.sedd.diffusion.backend.nd4j;

/**
 * A copy of a weight W [out, in] in a form that the forward product likes: Wᵀ, in columns or packed
 * in stripes.
 *
 * @param operand how it is stored
 * @param memory owned by this record
 */
record PackedWeight(Operand operand, Nd4jMemory memory) implements AutoCloseable {

  long address() {
    return memory.address();
  }

  @Override
  public void close() {
    memory.close();
  }
}
