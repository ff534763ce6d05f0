package io.sedd.cuda;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.kernels.CudaKernels;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.GuardedBackend;

/** Tensors in the memory of an NVIDIA card. Its kernels have not run on one yet. */
public final class CudaBackend extends GuardedBackend<CudaTensor> {

  /**
   * @param driver owned by this backend from here on
   * @param products of the driver's card; owned by this backend from here on
   */
  public CudaBackend(Driver driver, Products products, KernelCompiler compiler) {
    super(new CudaKernels(driver, products, compiler));
  }
}
