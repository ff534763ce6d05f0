package io.sedd.cuda.driver;

/**
 * A matrix product, all matrices dense and row-major, sums in fp32:
 *
 * <pre>
 *   c [rows, columns] = epilogue(op(a) [rows, inner] · op(b) [inner, columns] + bias [columns])
 *   with accumulate: c += op(a) · op(b)
 * </pre>
 *
 * @param transposeA whether a lies as [inner, rows]
 * @param transposeB whether b lies as [columns, inner], as the weight of y = x Wᵀ does
 * @param input how a and b are kept
 * @param output how c, the bias and the pre-activation are kept
 * @param accumulate whether the product is added to what c holds; only with {@link Epilogue#NONE}
 * @param preActivation whether what GELU is applied to is written too, [rows, columns]; only with
 *     GELU, and where {@link #keepsPreActivation columns} are a multiple of 8
 */
public record Product(
    int rows,
    int inner,
    int columns,
    boolean transposeA,
    boolean transposeB,
    Element input,
    Element output,
    boolean accumulate,
    Epilogue epilogue,
    boolean preActivation) {

  public Product {
    if (Math.min(rows, Math.min(inner, columns)) < 1) {
      throw new IllegalArgumentException(
          "a product of [%d, %d] and [%d, %d] has an empty side"
              .formatted(rows, inner, inner, columns));
    }
    if (accumulate && epilogue != Epilogue.NONE) {
      throw new IllegalArgumentException("a product that accumulates has no epilogue");
    }
    if (preActivation && !epilogue.gelu()) {
      throw new IllegalArgumentException("there is a pre-activation only where there is GELU");
    }
    if (preActivation && !keepsPreActivation(columns)) {
      throw new IllegalArgumentException(
          "a product with %d columns, no multiple of 8, cannot write its pre-activation"
              .formatted(columns));
    }
  }

  /** Whether a product with so many columns can write its pre-activation: cuBLASLt's rule. */
  public static boolean keepsPreActivation(int columns) {
    return columns % 8 == 0;
  }
}
