package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.Operand.Order;
import io.sedd.diffusion.backend.nd4j.Operand.Type;
import io.sedd.diffusion.backend.nd4j.rows.RoundingRows;
import java.util.Optional;

/**
 * bf16 where the processor has no instructions for it, or slow ones: the numbers of bf16 at the
 * speed of fp32. A frozen weight is kept in bf16, in half the memory, and some rows of it at a time
 * are widened to fp32 right before sgemm reads them. For as many rows of x as a batch has that is
 * hardly seen, where oneDNN's own product of fp32 and bf16 takes twice the time.
 */
final class WidenedProduct implements MatrixProduct {

  /** Rows of W that are widened at once: of 768 numbers they fill 786 kB. */
  private static final int LONGEST = 256;

  private static final int STEP = 16;

  /** Uses of the shared scratch memory. */
  private static final int FIRST = 0;

  private static final int SECOND = 1;
  private static final int USES = 2;

  private final OneDnn library;
  private final SgemmProduct sgemm;
  private final RoundingRows rounding;
  private final RowPool pool;
  private final Scratch shared = new Scratch(USES);
  private final Scratch own;
  private final String reason;

  /**
   * @param reason for not multiplying in bf16, for the log
   */
  WidenedProduct(OneDnn library, RoundingRows rounding, RowPool pool, String reason) {
    this.library = library;
    this.sgemm = new SgemmProduct(library, pool);
    this.rounding = rounding;
    this.pool = pool;
    this.own = new Scratch(pool.threads());
    this.reason = reason;
  }

  @Override
  public String description() {
    return "bf16 weights, fp32 arithmetic, products by oneDNN's sgemm: " + reason;
  }

  @Override
  public Precision precision() {
    return Precision.BF16;
  }

  @Override
  public void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y, Finish finish) {
    int in = x.columns();
    int out = weight.rows();
    long rounded = rounded(x, FIRST);
    int even = Math.ceilDiv(out, 2 * pool.threads());
    int grain = Math.ceilDiv(Math.min(even, LONGEST), STEP) * STEP;
    RowPool.RangeTask rows =
        (from, to, worker) -> {
          long wide = own.address(worker, (long) LONGEST * in);
          widen(weight, from, to, wide);
          library.sgemm(
              false,
              true,
              x.rows(),
              to - from,
              in,
              rounded,
              in,
              wide,
              in,
              0,
              y.address() + 4L * from,
              out);
          finish.finish(0, x.rows(), from, to);
        };
    if (sgemm.worthSharing((long) x.rows() * out * in)) {
      pool.forRanges(out, grain, rows);
    } else {
      for (int from = 0; from < out; from += grain) {
        rows.run(from, Math.min(from + grain, out), 0);
      }
    }
  }

  /** Rows of W as fp32 numbers that are bf16's. */
  private void widen(Nd4jTensor weight, int from, int to, long target) {
    long first = (long) from * weight.columns();
    int count = (to - from) * weight.columns();
    PackedWeight packed = weight.packed();
    if (packed == null) {
      rounding.round(weight.row(from), target, count);
    } else {
      rounding.widen(packed.address() + 2L * first, target, count);
    }
  }

  @Override
  public void backward(
      Nd4jTensor dy, Nd4jTensor x, Nd4jTensor weight, Nd4jTensor dx, Nd4jTensor dWeight) {
    long roundedDy = rounded(dy, FIRST);
    sgemm.weightGradient(roundedDy, rounded(x, SECOND), x.rows(), dWeight);
    if (dx != null) {
      sgemm.inputGradient(roundedDy, rounded(weight, SECOND), weight.rows(), dx);
    }
  }

  @Override
  public Optional<PackedWeight> pack(Nd4jTensor weight) {
    Nd4jMemory memory = new Nd4jMemory(Nd4jMemory.padded((weight.size() + 1) / 2));
    forNumbers(
        weight,
        (from, end, _) ->
            rounding.toBf16(
                weight.address() + 4L * from, memory.address() + 2L * from, end - from));
    return Optional.of(new PackedWeight(new Operand(Type.BF16, Order.COLUMNS), memory));
  }

  /** The numbers of a tensor as fp32 ones that are bf16's, until the next of the same use. */
  private long rounded(Nd4jTensor tensor, int use) {
    long target = shared.address(use, tensor.size());
    long source = tensor.address();
    forNumbers(
        tensor,
        (from, end, _) -> rounding.round(source + 4L * from, target + 4L * from, end - from));
    return target;
  }

  private void forNumbers(Nd4jTensor tensor, RowPool.RangeTask task) {
    pool.forRanges(Math.toIntExact(tensor.size()), Grain.rows(1), task);
  }

  @Override
  public void close() {
    shared.close();
    own.close();
  }
}
