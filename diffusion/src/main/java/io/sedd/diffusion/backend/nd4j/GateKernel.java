package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/** The residual sum with each sequence's gate, and its gradients. */
final class GateKernel {

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch shared;

  GateKernel(RowKernels rows, RowPool pool, Scratch shared) {
    this.rows = rows;
    this.pool = pool;
    this.shared = shared;
  }

  void addGated(
      Nd4jTensor branch, Nd4jTensor modulation, int gateColumn, RowLayout layout, Nd4jTensor x) {
    int n = x.columns();
    pool.forRanges(
        x.rows(),
        Grain.rows(n),
        (from, to, _) -> {
          for (int r = from; r < to; r++) {
            long gate = modulation.row(layout.sequenceOf(r)) + 4L * gateColumn;
            rows.spans().addProduct(gate, branch.row(r), x.row(r), n);
          }
        });
  }

  void addGatedBackward(
      Nd4jTensor dx,
      Nd4jTensor branch,
      Nd4jTensor modulation,
      int gateColumn,
      RowLayout layout,
      Nd4jTensor dBranch,
      Nd4jTensor dModulation) {
    int n = dx.columns();
    SequenceChunks chunks = new SequenceChunks(layout);
    long sums = shared.address(0, (long) n * chunks.count());
    pool.run(
        chunks.count(),
        (chunk, _) -> {
          long sum = sums + 4L * n * chunk;
          Memory.clear(sum, n);
          long gate = modulation.row(chunks.sequence(chunk)) + 4L * gateColumn;
          for (int r = chunks.from(chunk); r < chunks.to(chunk); r++) {
            rows.spans().addProduct(dx.row(r), branch.row(r), sum, n);
            rows.spans().multiply(gate, dx.row(r), dBranch.row(r), n);
          }
        });
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      long target = dModulation.row(chunks.sequence(chunk)) + 4L * gateColumn;
      rows.spans().add(sums + 4L * n * chunk, target, n);
    }
  }
}
