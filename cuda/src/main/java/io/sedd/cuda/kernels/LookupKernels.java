package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import java.util.Arrays;

/** y[i] = x[numbers[i]], the embedding among them, and its gradient; x [R, h], y [numbers, h]. */
final class LookupKernels {

  private static final int THREADS = 128;

  private final Device device;

  LookupKernels(Device device) {
    this.device = device;
  }

  void gather(CudaTensor x, int[] numbers, CudaTensor y) {
    if (y.size() == 0) {
      return;
    }
    try (Device.Scope _ = device.scope()) {
      device.launch(
          "lookup.cu",
          "lookup_gather",
          Grid.line(numbers.length, THREADS),
          new KernelArguments()
              .address(fp32(x))
              .address(device.upload(numbers))
              .address(fp32(y))
              .int32(x.columns()));
    }
  }

  /** dx[numbers[i]] += dy[i]. */
  void gatherBackward(CudaTensor dy, int[] numbers, CudaTensor dx) {
    if (dy.size() == 0) {
      return;
    }
    // number above index: sorted, equal numbers stand together and their indices ascend
    long[] sorted = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      sorted[i] = (long) numbers[i] << 32 | i;
    }
    Arrays.parallelSort(sorted);
    int[] order = new int[numbers.length];
    int[] groups = new int[numbers.length];
    int[] starts = new int[numbers.length + 1];
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) sorted[i];
      int number = (int) (sorted[i] >>> 32);
      if (i == 0 || number != groups[count - 1]) {
        starts[count] = i;
        groups[count++] = number;
      }
    }
    starts[count] = order.length;
    try (Device.Scope _ = device.scope()) {
      device.launch(
          "lookup.cu",
          "lookup_gather_backward",
          Grid.plane(count, Math.ceilDiv(dx.columns(), THREADS), THREADS),
          new KernelArguments()
              .address(fp32(dy))
              .address(device.upload(Arrays.copyOf(groups, count)))
              .address(device.upload(Arrays.copyOf(starts, count + 1)))
              .address(device.upload(order))
              .address(fp32(dx))
              .int32(dx.columns()));
    }
  }
}
