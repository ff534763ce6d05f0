package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** LayerNorm with each sequence's shift and scale, and its gradients. */
final class NormKernel {

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch own;
  private final Scratch shared;

  NormKernel(RowKernels rows, RowPool pool, Scratch own, Scratch shared) {
    this.rows = rows;
    this.pool = pool;
    this.own = own;
    this.shared = shared;
  }

  void normModulate(
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Nd4jTensor statistics,
      Nd4jTensor z) {
    int n = x.columns();
    pool.forRanges(
        x.rows(),
        Grain.rows(n),
        (from, to, worker) -> {
          for (int r = from; r < to; r++) {
            long kept = statistics == null ? own.address(worker, 2) : statistics.row(r);
            rows.norms().moments(x.row(r), n, kept);
            long modulated = modulation.row(layout.sequenceOf(r));
            rows.norms()
                .modulate(
                    x.row(r),
                    Memory.get(kept),
                    Memory.get(kept + 4),
                    weight.address(),
                    modulated + 4L * shiftColumn,
                    modulated + 4L * scaleColumn,
                    z.row(r),
                    n);
          }
        });
  }

  /**
   * With A = sum of dz and G = sum of dz x̂ over a sequence: dShift += A, dScale += weight G,
   * dWeight += (1 + scale) G.
   */
  void normModulateBackward(
      Nd4jTensor dz,
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Nd4jTensor statistics,
      Nd4jTensor dx,
      Nd4jTensor dWeight,
      Nd4jTensor dModulation) {
    int n = x.columns();
    SequenceChunks chunks = new SequenceChunks(layout);
    long sums = shared.address(0, 2L * n * chunks.count());
    pool.run(
        chunks.count(),
        (chunk, _) -> {
          long sumDz = sums + 8L * n * chunk;
          Memory.clear(sumDz, 2L * n);
          long scale = modulation.row(chunks.sequence(chunk)) + 4L * scaleColumn;
          for (int r = chunks.from(chunk); r < chunks.to(chunk); r++) {
            rows.norms()
                .modulateBackward(
                    dz.row(r),
                    x.row(r),
                    Memory.get(statistics.row(r)),
                    Memory.get(statistics.row(r) + 4),
                    weight.address(),
                    scale,
                    dx.row(r),
                    sumDz,
                    sumDz + 4L * n,
                    n);
          }
        });
    for (int s = 0; s < layout.sequences(); s++) {
      if (layout.length(s) == 0) {
        continue;
      }
      long total = sums + 8L * n * chunks.first(s);
      for (int chunk = chunks.first(s) + 1; chunk < chunks.end(s); chunk++) {
        rows.spans().add(sums + 8L * n * chunk, total, 2 * n);
      }
      long sumDzNorm = total + 4L * n;
      long scale = modulation.row(s) + 4L * scaleColumn;
      rows.spans().add(total, dModulation.row(s) + 4L * shiftColumn, n);
      rows.spans()
          .addProduct(weight.address(), sumDzNorm, dModulation.row(s) + 4L * scaleColumn, n);
      rows.spans().addScaled(scale, sumDzNorm, dWeight.address(), n);
    }
  }
}
