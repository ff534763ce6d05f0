/**
 * The default backend: tensors in ND4J memory, matrix products by oneDNN or ND4J's BLAS, everything
 * between them by row kernels on the same memory. Where ND4J runs on a card, {@link
 * io.sedd.diffusion.backend.nd4j.ops} takes their place.
 */
package io.sedd.diffusion.backend.nd4j;
