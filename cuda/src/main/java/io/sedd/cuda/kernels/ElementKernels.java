package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;

/** Sums and bf16 copies of whole tensors. */
final class ElementKernels {

  /** Numbers of a block: 256 threads, four each. */
  private static final int OF_A_BLOCK = 1024;

  private static final int THREADS = 256;

  private final Device device;

  ElementKernels(Device device) {
    this.device = device;
  }

  /** target += source. */
  void add(long source, CudaTensor target) {
    run("elements_add", source, fp32(target), target.size());
  }

  /** target = source, rounded to bf16. */
  void narrow(CudaTensor source, CudaTensor target) {
    run("elements_narrow", fp32(source), target.address(), source.size());
  }

  /** target = source, both ways exactly. */
  void widen(CudaTensor source, CudaTensor target) {
    run("elements_widen", source.address(), fp32(target), source.size());
  }

  /** A bf16 copy in scratch memory, or where the tensor itself is one, that. */
  long narrowed(CudaTensor source) {
    if (source.element() == Element.BF16) {
      return source.address();
    }
    CudaTensor copy = device.take(Element.BF16, source.rows(), source.columns());
    narrow(source, copy);
    return copy.address();
  }

  private void run(String kernel, long source, long target, long count) {
    if (count == 0) {
      return;
    }
    device.launch(
        "elements.cu",
        kernel,
        Grid.line(Math.toIntExact(Math.ceilDiv(count, (long) OF_A_BLOCK)), THREADS),
        new KernelArguments().address(source).address(target).int64(count));
  }
}
