package io.sedd.cuda.kernels;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendConformance;

/**
 * Every kernel against the reference, on an emulated device or a card ({@link TestedBackend}). All
 * but attention keep the bounds of an fp32 backend, since the reference rounds the factors of its
 * matrix products to bf16 as well.
 */
class CudaConformanceTest extends BackendConformance {

  @Override
  protected Backend open() {
    return TestedBackend.open();
  }

  /**
   * q and k of deviation 2 make logits of deviation 4; their rounding to bf16 (2^-9 of each) puts
   * those off by some 0.02, which is the most of it: errors reach 2.2e-2. See {@link FactorTest}
   * for numbers that need no rounding.
   */
  @Override
  public double attendLimit() {
    return 3e-2;
  }

  @Override
  public double attendBackwardLimit() {
    return 2e-2;
  }

  /**
   * Nine for each of 1184 · 256 threads, and some: a loop that does four at once goes round twice.
   */
  @Override
  public int manyNumbers() {
    return 9 * 1184 * 256 + 5;
  }
}
