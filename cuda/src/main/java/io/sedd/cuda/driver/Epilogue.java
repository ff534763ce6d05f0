package io.sedd.cuda.driver;

/** What happens to a product before it is written; GELU is the one with tanh. */
public enum Epilogue {
  NONE(false, false),
  BIAS(true, false),
  GELU(false, true),
  BIAS_GELU(true, true);

  private final boolean bias;
  private final boolean gelu;

  Epilogue(boolean bias, boolean gelu) {
    this.bias = bias;
    this.gelu = gelu;
  }

  /** Whether a number a column is added. */
  public boolean bias() {
    return bias;
  }

  /** Whether GELU comes after it. */
  public boolean gelu() {
    return gelu;
  }
}
