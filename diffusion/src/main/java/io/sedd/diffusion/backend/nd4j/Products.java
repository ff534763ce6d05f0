package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.PrimitiveProduct.Form;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.util.Locale;

/** Which matrix products are used here. */
final class Products {

  private Products() {}

  /**
   * The fastest of the given precision.
   *
   * @throws BackendUnavailableException if that precision cannot be had here
   */
  static MatrixProduct best(Precision precision, RowKernels rows, RowPool pool) {
    OneDnn library;
    try {
      library = OneDnn.load();
    } catch (LinkageError e) {
      return without(precision, "oneDNN does not load: " + e, pool);
    }
    return switch (precision) {
      case DEFAULT, FP32 ->
          library.hasAvx512()
              ? primitives(Form.PACKED_FP32, library, rows, pool)
              : new SgemmProduct(library, pool);
      case BF16 -> bf16(library, rows, pool);
    };
  }

  private static MatrixProduct bf16(OneDnn library, RowKernels rows, RowPool pool) {
    if (!library.multipliesBf16()) {
      return new WidenedProduct(
          library, rows.rounding(), pool, "this processor has no bf16 instructions");
    }
    double rate = Bf16Rate.measure(library);
    return Bf16Rate.worthwhile(rate)
        ? primitives(Form.BF16, library, rows, pool)
        : new WidenedProduct(
            library,
            rows.rounding(),
            pool,
            String.format(
                Locale.ROOT,
                "this processor's bf16 instructions do %.1f times the work of fp32",
                rate));
  }

  /** Without oneDNN. */
  static MatrixProduct without(Precision precision, String reason, RowPool pool) {
    if (precision == Precision.BF16) {
      throw new BackendUnavailableException(
          "precision bf16 needs oneDNN, and "
              + reason
              + "; put org.bytedeco:dnnl with its binary for this platform on the class path, or"
              + " choose precision fp32");
    }
    return new Nd4jMatrixProduct(reason, pool);
  }

  /** Products of one form. */
  static PrimitiveProduct primitives(Form form, OneDnn library, RowKernels rows, RowPool pool) {
    PrimitiveProduct product =
        new PrimitiveProduct(
            form,
            new Matmuls(library, new Scratch(pool.threads()), pool.threads()),
            new SgemmProduct(library, pool),
            rows.rounding(),
            pool,
            new Scratch(PrimitiveProduct.SCRATCHES));
    try {
      product.prove();
    } catch (IllegalStateException e) {
      throw new BackendUnavailableException(
          "precision bf16: oneDNN has no such product on this processor ("
              + e.getMessage()
              + "); choose precision fp32",
          e);
    }
    return product;
  }
}
