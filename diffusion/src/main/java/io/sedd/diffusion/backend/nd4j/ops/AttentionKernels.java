package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * mix_i = sum_j p_ij v_j, p_ij = softmax_j(q_i·k_j / sqrt(d)), for each head, i and j in the same
 * sequence, j before the end that the mask sets for i; qkv [R, 3h], mix [R, h], logSums [R, heads].
 * Some queries of a sequence at once, all heads of them together.
 */
final class AttentionKernels implements AutoCloseable {

  /** Added to the logit of what is masked: its exponential is 0, and it is no infinity. */
  private static final float MASKED = -1e30f;

  private final Device device;

  /** 0 up to the diagonal, {@link #MASKED} right of it; [n, n], null before the first use. */
  private OpsTensor causal;

  AttentionKernels(Device device) {
    this.device = device;
  }

  void attend(
      OpsTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      OpsTensor logSums,
      OpsTensor mix) {
    int h = mix.columns();
    for (int s = 0; s < layout.sequences(); s++) {
      Heads of = Heads.of(layout, s, heads, h);
      for (Chunk rows : of.queries()) {
        try (Scope scope = device.scope()) {
          INDArray p = logits(scope, qkv, of, rows, mask);
          INDArray max = scope.floats(heads, rows.rows(), 1);
          Ops.max(p, max);
          Ops.subtract(p, max, p);
          Ops.exp(p, p);
          INDArray sum = scope.floats(heads, rows.rows(), 1);
          Ops.sum(p, sum);
          INDArray mixed = of.of(mix, 0, rows.first(), rows.rows());
          Ops.product(p, false, of.of(qkv, 2 * h, 0, of.length()), false, 1, 0, mixed);
          Ops.divide(mixed, sum, mixed);
          if (logSums != null) {
            Ops.log(sum, sum);
            Ops.add(sum, max, sum);
            Ops.assign(sum, of.ofEach(logSums, rows.first(), rows.rows()));
          }
        }
      }
    }
  }

  /**
   * With a_ij = dMix_i·v_j and D_i = dMix_i·mix_i = sum_j p_ij a_ij: dv_j = sum_i p_ij dMix_i; e_ij
   * = p_ij (a_ij - D_i) / sqrt(d); dq_i = sum_j e_ij k_j; dk_j = sum_i e_ij q_i.
   */
  void attendBackward(
      OpsTensor dMix,
      OpsTensor qkv,
      OpsTensor mix,
      OpsTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      OpsTensor dqkv) {
    int h = mix.columns();
    for (int s = 0; s < layout.sequences(); s++) {
      Heads of = Heads.of(layout, s, heads, h);
      for (Chunk rows : of.queries()) {
        int first = rows.first();
        int n = rows.rows();
        double kept = first == 0 ? 0 : 1;
        try (Scope scope = device.scope()) {
          INDArray p = logits(scope, qkv, of, rows, mask);
          Ops.subtract(p, of.ofEach(logSums, first, n), p);
          Ops.exp(p, p);
          INDArray g = of.of(dMix, 0, first, n);
          INDArray mixed = scope.floats(heads, n, of.d());
          Ops.multiply(g, of.of(mix, 0, first, n), mixed);
          INDArray expected = scope.floats(heads, n, 1);
          Ops.sum(mixed, expected);
          Ops.product(p, true, g, false, 1, kept, of.of(dqkv, 2 * h, 0, of.length()));
          INDArray e = scope.floats(heads, n, of.length());
          Ops.product(g, false, of.of(qkv, 2 * h, 0, of.length()), true, 1, 0, e);
          Ops.subtract(e, expected, e);
          Ops.multiply(e, p, e);
          double scale = 1 / Math.sqrt(of.d());
          INDArray k = of.of(qkv, h, 0, of.length());
          Ops.product(e, false, k, false, scale, 0, of.of(dqkv, 0, first, n));
          INDArray q = of.of(qkv, 0, first, n);
          Ops.product(e, true, q, false, scale, kept, of.of(dqkv, h, 0, of.length()));
        }
      }
    }
  }

  /** q_i·k_j / sqrt(d) of some queries, masked; [heads, queries, length]. */
  private INDArray logits(Scope scope, OpsTensor qkv, Heads of, Chunk queries, AttentionMask mask) {
    INDArray logits = scope.floats(of.heads(), queries.rows(), of.length());
    INDArray q = of.of(qkv, 0, queries.first(), queries.rows());
    INDArray k = of.of(qkv, of.heads() * of.d(), 0, of.length());
    Ops.product(q, false, k, true, 1 / Math.sqrt(of.d()), 0, logits);
    switch (mask) {
      case NONE -> {}
      case CAUSAL -> Ops.add(logits, causal(queries, of.length()), logits);
    }
    return logits;
  }

  /** The mask of some queries, [1, queries, length]. */
  private INDArray causal(Chunk queries, int length) {
    if (causal == null || causal.rows() < length) {
      close();
      causal = mask(Math.max(64, Integer.highestOneBit(2 * length - 1)));
    }
    int n = causal.columns();
    return causal.window(
        (long) queries.first() * n,
        new long[] {1, queries.rows(), length},
        new long[] {(long) n * n, n, 1});
  }

  private OpsTensor mask(int n) {
    OpsTensor mask = OpsTensor.zeros(device, n, n);
    for (Chunk chunk : Chunk.of(n, n)) {
      float[] values = new float[chunk.rows() * n];
      for (int i = 0; i < chunk.rows(); i++) {
        for (int j = chunk.first() + i + 1; j < n; j++) {
          values[i * n + j] = MASKED;
        }
      }
      try (Scope scope = device.scope()) {
        INDArray rows = mask.rows(chunk.first(), chunk.rows());
        Ops.assign(scope.of(values).reshape('c', chunk.rows(), n), rows);
      }
    }
    return mask;
  }

  @Override
  public void close() {
    if (causal != null) {
      causal.close();
      causal = null;
    }
  }
}
