package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.AdamWStep;

/** AdamW with the moving average of the parameters, and the sum of squares. */
final class OptimizerKernels {

  private static final int THREADS = 256;

  /** Enough for eight on each multiprocessor of the largest card; it decides the order of sums. */
  private static final int MOST_BLOCKS = 1184;

  private final Device device;

  OptimizerKernels(Device device) {
    this.device = device;
  }

  void adamW(
      AdamWStep step,
      CudaTensor gradient,
      CudaTensor parameters,
      CudaTensor firstMoment,
      CudaTensor secondMoment,
      CudaTensor average) {
    long count = parameters.size();
    if (count == 0) {
      return;
    }
    double correction1 = 1 - Math.pow(step.beta1(), step.number());
    double correction2 = 1 - Math.pow(step.beta2(), step.number());
    device.launch(
        "optimizer.cu",
        "optimizer_adamw",
        Grid.line(blocks(count), THREADS),
        new KernelArguments()
            .address(fp32(gradient))
            .address(fp32(parameters))
            .address(fp32(firstMoment))
            .address(fp32(secondMoment))
            .address(fp32(average))
            .int64(count)
            .float32((float) step.gradientScale())
            .float32((float) step.l2())
            .float32((float) step.beta1())
            .float32((float) (1 - step.beta1()))
            .float32((float) step.beta2())
            .float32((float) (1 - step.beta2()))
            .float32((float) (1 - step.learningRate() * step.weightDecay()))
            .float32((float) (step.learningRate() / correction1))
            .float32((float) (1 / correction2))
            .float32((float) step.epsilon())
            .float32((float) (1 - step.averageDecay())));
  }

  double sumOfSquares(CudaTensor tensor) {
    if (tensor.size() == 0) {
      return 0;
    }
    double[] partial = new double[blocks(tensor.size())];
    try (Device.Scope _ = device.scope()) {
      long address = device.bytes((long) Double.BYTES * partial.length);
      device.launch(
          "optimizer.cu",
          "optimizer_squares",
          Grid.line(partial.length, THREADS),
          new KernelArguments().address(fp32(tensor)).address(address).int64(tensor.size()));
      device.download(address, partial);
    }
    double sum = 0;
    for (double part : partial) {
      sum += part;
    }
    return sum;
  }

  private static int blocks(long count) {
    return (int) Math.min(MOST_BLOCKS, Math.ceilDiv(count, (long) THREADS));
  }
}
