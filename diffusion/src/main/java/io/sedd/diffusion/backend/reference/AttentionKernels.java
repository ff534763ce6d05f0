package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;

/**
 * mix_i = sum_j p_ij v_j, p_ij = softmax_j(q_i·k_j / sqrt(d)), for each head, i and j in the same
 * sequence, j before the end that the mask sets for i; qkv [R, 3h], mix [R, h], logSums [R, heads].
 * One row of p exists at a time.
 */
final class AttentionKernels {

  private AttentionKernels() {}

  static void attend(
      ArrayTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      ArrayTensor logSums,
      ArrayTensor mix) {
    int h = mix.columns;
    int d = h / heads;
    double[] p = new double[layout.longest()];
    for (int i = 0; i < layout.rows(); i++) {
      int start = layout.start(layout.sequenceOf(i));
      int end = mask.end(i - start, layout.length(layout.sequenceOf(i)));
      for (int head = 0; head < heads; head++) {
        int q = qkv.row(i) + head * d;
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < end; j++) {
          int k = qkv.row(start + j) + h + head * d;
          p[j] = Vectors.dot(qkv.data, q, qkv.data, k, d) / Math.sqrt(d);
          max = Math.max(max, p[j]);
        }
        double sum = 0;
        double[] mixed = new double[d];
        for (int j = 0; j < end; j++) {
          double weight = Math.exp(p[j] - max);
          sum += weight;
          int v = qkv.row(start + j) + 2 * h + head * d;
          Vectors.addScaled(weight, qkv.data, v, mixed, 0, d);
        }
        for (int c = 0; c < d; c++) {
          mix.data[mix.row(i) + head * d + c] = (float) (mixed[c] / sum);
        }
        if (logSums != null) {
          logSums.data[logSums.row(i) + head] = (float) (max + Math.log(sum));
        }
      }
    }
  }

  static void attendBackward(
      ArrayTensor dMix,
      ArrayTensor qkv,
      ArrayTensor mix,
      ArrayTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      ArrayTensor dqkv) {
    for (int s = 0; s < layout.sequences(); s++) {
      for (int head = 0; head < heads; head++) {
        headBackward(
            dMix, qkv, mix, logSums, heads, head, layout.start(s), layout.end(s), mask, dqkv);
      }
    }
  }

  /**
   * One head of one sequence. With a_ij = dMix_i·v_j and D_i = dMix_i·mix_i = sum_j p_ij a_ij: dv_j
   * = sum_i p_ij dMix_i; e_ij = p_ij (a_ij - D_i) / sqrt(d); dq_i = sum_j e_ij k_j; dk_j = sum_i
   * e_ij q_i.
   */
  private static void headBackward(
      ArrayTensor dMix,
      ArrayTensor qkv,
      ArrayTensor mix,
      ArrayTensor logSums,
      int heads,
      int head,
      int start,
      int end,
      AttentionMask mask,
      ArrayTensor dqkv) {
    int h = mix.columns;
    int d = h / heads;
    double[] dk = new double[(end - start) * d];
    double[] dv = new double[(end - start) * d];
    for (int i = start; i < end; i++) {
      int q = qkv.row(i) + head * d;
      int g = dMix.row(i) + head * d;
      double expected = Vectors.dot(dMix.data, g, mix.data, mix.row(i) + head * d, d);
      double[] dq = new double[d];
      int seen = start + mask.end(i - start, end - start);
      for (int j = start; j < seen; j++) {
        int k = qkv.row(j) + h + head * d;
        int v = k + h;
        double logit = Vectors.dot(qkv.data, q, qkv.data, k, d) / Math.sqrt(d);
        double p = Math.exp(logit - logSums.data[logSums.row(i) + head]);
        double a = Vectors.dot(dMix.data, g, qkv.data, v, d);
        double e = p * (a - expected) / Math.sqrt(d);
        Vectors.addScaled(p, dMix.data, g, dv, (j - start) * d, d);
        Vectors.addScaled(e, qkv.data, k, dq, 0, d);
        Vectors.addScaled(e, qkv.data, q, dk, (j - start) * d, d);
      }
      Vectors.store(dq, 0, dqkv.data, dqkv.row(i) + head * d, d);
    }
    for (int j = start; j < end; j++) {
      int k = dqkv.row(j) + h + head * d;
      Vectors.store(dk, (j - start) * d, dqkv.data, k, d);
      Vectors.store(dv, (j - start) * d, dqkv.data, k + h, d);
    }
  }
}
