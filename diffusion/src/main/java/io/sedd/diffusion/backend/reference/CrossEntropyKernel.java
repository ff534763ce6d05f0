package io.sedd.diffusion.backend.reference;

/**
 * loss = ln sum over y of exp(logit(y)) - logit(target), d loss / d logit(y) = softmax(y) - [y =
 * target], over the first {@code choices} columns; logits, gradient [R, V].
 */
final class CrossEntropyKernel {

  private CrossEntropyKernel() {}

  static void crossEntropy(
      ArrayTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      ArrayTensor gradient) {
    for (int r = 0; r < logits.rows; r++) {
      double logSum = logSum(logits, r, choices);
      loss[r] = logSum - logits.data[logits.row(r) + target[r]];
      for (int y = 0; gradient != null && y < logits.columns; y++) {
        double p = y < choices ? Math.exp(logits.data[logits.row(r) + y] - logSum) : 0;
        double slope = y == target[r] ? p - 1 : p;
        gradient.data[gradient.row(r) + y] = (float) (weight[r] * slope);
      }
    }
  }

  /** ln sum exp of the first columns of a row. */
  static double logSum(ArrayTensor logits, int row, int choices) {
    double max = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < choices; y++) {
      max = Math.max(max, logits.data[logits.row(row) + y]);
    }
    double sum = 0;
    for (int y = 0; y < choices; y++) {
      sum += Math.exp(logits.data[logits.row(row) + y] - max);
    }
    return max + Math.log(sum);
  }
}
