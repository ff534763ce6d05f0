package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.Operand.Order;
import io.sedd.diffusion.backend.nd4j.Operand.Type;
import io.sedd.diffusion.backend.nd4j.rows.RoundingRows;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Products by oneDNN's primitives, in tiles that the pool's threads share.
 *
 * <p>In bf16 both factors are rounded first, into memory that is kept; a frozen weight was rounded
 * when it was frozen. What the form does not say otherwise is done by sgemm.
 */
final class PrimitiveProduct implements MatrixProduct {

  /**
   * In which form the factors come to the library.
   *
   * @param type of both; one alone in bf16 is no form: oneDNN 3.11 gave a wrong product of fp32 and
   *     packed bf16 on a processor with AVX-512 FP16
   * @param description for the log
   */
  record Form(Type type, String description) {

    /** fp32, with AVX-512. */
    static final Form PACKED_FP32 =
        new Form(
            Type.F32,
            "fp32 products by oneDNN, frozen weights packed: a tenth faster with AVX-512");

    /** bf16 where the processor multiplies it. */
    static final Form BF16 =
        new Form(
            Type.BF16,
            "bf16 products by oneDNN, frozen weights packed: this processor multiplies bf16");
  }

  /** Uses of the scratch memory. */
  private static final int FIRST = 0;

  private static final int SECOND = 1;
  private static final int WEIGHT = 2;
  static final int SCRATCHES = 3;

  private final Form form;
  private final Matmuls matmuls;
  private final SgemmProduct sgemm;
  private final RoundingRows rounding;
  private final RowPool pool;
  private final Scratch scratch;
  private final Map<TiledProduct.Factors, TiledProduct> products = new HashMap<>();

  /**
   * @param matmuls owned from here on
   * @param scratch of {@link #SCRATCHES} stretches, owned from here on
   */
  PrimitiveProduct(
      Form form,
      Matmuls matmuls,
      SgemmProduct sgemm,
      RoundingRows rounding,
      RowPool pool,
      Scratch scratch) {
    this.form = form;
    this.matmuls = matmuls;
    this.sgemm = sgemm;
    this.rounding = rounding;
    this.pool = pool;
    this.scratch = scratch;
  }

  @Override
  public String description() {
    return form.description();
  }

  @Override
  public Precision precision() {
    return form.type() == Type.BF16 ? Precision.BF16 : Precision.FP32;
  }

  /** Makes the smallest product of this form; throws where the library has none here. */
  void prove() {
    Operand x = new Operand(form.type(), Order.ROWS);
    Operand w = new Operand(form.type(), Order.PACKED);
    tiled(new TiledProduct.Factors(1, 64, 64, x, w, false));
  }

  @Override
  public void forward(Nd4jTensor x, Nd4jTensor weight, Nd4jTensor y, Finish finish) {
    PackedWeight packed = weight.packed();
    if (packed == null && form.type() == Type.F32) {
      sgemm.forward(x, weight, y, finish);
      return;
    }
    Operand operand = packed == null ? new Operand(form.type(), Order.COLUMNS) : packed.operand();
    long w = packed == null ? roundedWeight(weight) : packed.address();
    run(
        new TiledProduct.Factors(
            x.rows(), x.columns(), y.columns(), activations(Order.ROWS), operand, false),
        activations(x, FIRST),
        w,
        y.address(),
        finish);
  }

  @Override
  public void backward(
      Nd4jTensor dy, Nd4jTensor x, Nd4jTensor weight, Nd4jTensor dx, Nd4jTensor dWeight) {
    if (form.type() == Type.F32) {
      sgemm.backward(dy, x, weight, dx, dWeight);
      return;
    }
    long rounded = rounded(dy, FIRST);
    run(
        new TiledProduct.Factors(
            dWeight.rows(),
            x.rows(),
            dWeight.columns(),
            activations(Order.COLUMNS),
            activations(Order.ROWS),
            true),
        rounded,
        rounded(x, SECOND),
        dWeight.address(),
        (_, _, _, _) -> {});
    if (dx != null) {
      run(
          new TiledProduct.Factors(
              dy.rows(),
              dy.columns(),
              dx.columns(),
              activations(Order.ROWS),
              activations(Order.ROWS),
              false),
          rounded,
          roundedWeight(weight),
          dx.address(),
          (_, _, _, _) -> {});
    }
  }

  @Override
  public Optional<PackedWeight> pack(Nd4jTensor weight) {
    int in = weight.columns();
    int out = weight.rows();
    Operand operand = new Operand(form.type(), Order.PACKED);
    long plain = form.type() == Type.F32 ? weight.address() : roundedWeight(weight);
    int stripes = Math.ceilDiv(out, TiledProduct.STRIPE);
    int last = out - (stripes - 1) * TiledProduct.STRIPE;
    long stripeBytes = stripes > 1 ? packedBytes(in, TiledProduct.STRIPE) : 0;
    Nd4jMemory memory = memory(stripeBytes * (stripes - 1) + packedBytes(in, last));
    Matmul packLast = matmuls.packer(in, last, form.type());
    Matmul pack = stripes > 1 ? matmuls.packer(in, TiledProduct.STRIPE, form.type()) : packLast;
    pool.run(
        stripes,
        (stripe, worker) -> {
          long from = plain + (long) form.type().bytes() * in * TiledProduct.STRIPE * stripe;
          (stripe == stripes - 1 ? packLast : pack)
              .run(worker, from, memory.address() + stripeBytes * stripe);
        });
    return Optional.of(new PackedWeight(operand, memory));
  }

  private long packedBytes(int in, int out) {
    return matmuls.packedBytes(in, out, form.type());
  }

  private static Nd4jMemory memory(long bytes) {
    return new Nd4jMemory(Nd4jMemory.padded((bytes + 3) / 4));
  }

  private Operand activations(Order order) {
    return new Operand(form.type(), order);
  }

  /** The numbers of a tensor in the form's type; what is made for it lives until the next. */
  private long activations(Nd4jTensor tensor, int use) {
    return form.type() == Type.F32 ? tensor.address() : rounded(tensor, use);
  }

  private long roundedWeight(Nd4jTensor weight) {
    return rounded(weight, WEIGHT);
  }

  private long rounded(Nd4jTensor tensor, int use) {
    long target = scratch.address(use, (tensor.size() * Type.BF16.bytes() + 3) / 4);
    long source = tensor.address();
    pool.forRanges(
        Math.toIntExact(tensor.size()),
        Grain.rows(1),
        (from, end, _) -> rounding.toBf16(source + 4L * from, target + 2L * from, end - from));
    return target;
  }

  @Override
  public void close() {
    scratch.close();
    matmuls.close();
  }

  private TiledProduct tiled(TiledProduct.Factors factors) {
    return products.computeIfAbsent(factors, key -> new TiledProduct(key, matmuls, pool.threads()));
  }

  private void run(TiledProduct.Factors factors, long a, long b, long c, Finish finish) {
    TiledProduct product = tiled(factors);
    RowPool.Task tile =
        (number, worker) -> {
          product.run(number, worker, a, b, c);
          finish.finish(
              product.firstRow(number),
              product.endRow(number),
              product.firstColumn(number),
              product.endColumn(number));
        };
    long multiplications = (long) factors.m() * factors.n() * factors.k();
    if (matmuls.library().singleThreaded() && multiplications >= SgemmProduct.WORTH_SHARING) {
      pool.run(product.count(), tile);
    } else {
      for (int number = 0; number < product.count(); number++) {
        tile.run(number, 0);
      }
    }
  }
}
