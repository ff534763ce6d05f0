/**
 * The kernels in ND4J's own operations alone, so that whatever device ND4J runs on does the work:
 * the nd4j backend where that is no processor. Products, attention and activations are in fp32;
 * norms, gates, losses, the optimizer and all sums over rows are in double. Nothing of it has run
 * on a card yet.
 */
package io.sedd.diffusion.backend.nd4j.ops;
