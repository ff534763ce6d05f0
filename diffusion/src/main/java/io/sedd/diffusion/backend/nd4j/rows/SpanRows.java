package io.sedd.diffusion.backend.nd4j.rows;

/** Element by element; {@code n} numbers from each address on. */
public interface SpanRows {

  /** target = value. */
  void fill(long target, float value, int n);

  /** target = source; for short spans, on which a call of the platform's copy would cost more. */
  void copy(long source, long target, int n);

  /** target += source. */
  void add(long source, long target, int n);

  /** target = a b. */
  void multiply(long a, long b, long target, int n);

  /** target += a b. */
  void addProduct(long a, long b, long target, int n);

  /** target += (1 + scale) a. */
  void addScaled(long scale, long a, long target, int n);

  /** target = factor source. */
  void scale(long source, float factor, long target, int n);

  /** sum of a b. */
  float dot(long a, long b, int n);
}
