/**
 * The kernels in ND4J's own operations alone, so that whatever device ND4J runs on does the work:
 * the nd4j backend where that is no processor. Products, attention and what is between them are in
 * fp32; norms, losses and sums over rows are cast to double first, since ND4J's fp32 sums are less
 * exact than the backends' tolerances.
 */
package io.sedd.diffusion.backend.nd4j.ops;
