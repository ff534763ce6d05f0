package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.nd4j.rows.OptimizerRows;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The optimizer over whole tensors, in spans of fixed length. */
final class OptimizerKernel {

  /** Numbers of a span: partial sums do not depend on the threads. */
  private static final int SPAN = 1 << 14;

  private final RowKernels rows;
  private final RowPool pool;

  OptimizerKernel(RowKernels rows, RowPool pool) {
    this.rows = rows;
    this.pool = pool;
  }

  double sumOfSquares(Nd4jTensor tensor) {
    int size = Math.toIntExact(tensor.size());
    double[] sums = new double[Math.ceilDiv(size, SPAN)];
    pool.forRanges(
        size,
        SPAN,
        (from, to, _) ->
            sums[from / SPAN] =
                rows.optimizer().sumOfSquares(tensor.address() + 4L * from, to - from));
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  void adamW(
      AdamWStep step,
      Nd4jTensor gradient,
      Nd4jTensor parameters,
      Nd4jTensor firstMoment,
      Nd4jTensor secondMoment,
      Nd4jTensor average) {
    OptimizerRows.Constants constants = OptimizerRows.Constants.of(step);
    pool.forRanges(
        Math.toIntExact(parameters.size()),
        SPAN,
        (from, to, _) ->
            rows.optimizer()
                .adamW(
                    constants,
                    gradient.address() + 4L * from,
                    parameters.address() + 4L * from,
                    firstMoment.address() + 4L * from,
                    secondMoment.address() + 4L * from,
                    average.address() + 4L * from,
                    to - from));
  }
}
