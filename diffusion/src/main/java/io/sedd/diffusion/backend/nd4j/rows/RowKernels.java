package io.sedd.diffusion.backend.nd4j.rows;

/**
 * One set of row loops.
 *
 * @param description for the log
 * @param lanes numbers that the set takes at once; tiles are padded to a multiple of it
 */
public record RowKernels(
    String description,
    int lanes,
    SpanRows spans,
    NormRows norms,
    ActivationRows activations,
    TileRows tiles,
    ScoreRows scores,
    OptimizerRows optimizer,
    RoundingRows rounding) {

  /** The Vector API's where the JVM was started with its module, else plain Java. */
  public static RowKernels best() {
    try {
      return Vectors.kernels();
    } catch (NoClassDefFoundError _) {
      return scalar("rows in plain Java, slow: start with --add-modules=jdk.incubator.vector");
    }
  }

  /**
   * Those of the Vector API.
   *
   * @throws NoClassDefFoundError if the JVM runs without jdk.incubator.vector
   */
  public static RowKernels vector() {
    return Vectors.kernels();
  }

  /** Those in plain Java. */
  public static RowKernels scalar() {
    return scalar("rows in plain Java");
  }

  private static RowKernels scalar(String description) {
    return new RowKernels(
        description,
        1,
        new ScalarSpans(),
        new ScalarNorms(),
        new ScalarActivations(),
        new ScalarTiles(),
        new ScalarScores(),
        new ScalarOptimizer(),
        new ScalarRounding());
  }

  /** Keeps the incubating module out of this class. */
  private static final class Vectors {
    static RowKernels kernels() {
      return new RowKernels(
          "rows by the Vector API, " + Lanes.COUNT + " lanes",
          Lanes.COUNT,
          new VectorSpans(),
          new VectorNorms(),
          new VectorActivations(),
          new VectorTiles(),
          new VectorScores(),
          new VectorOptimizer(),
          new VectorRounding());
    }
  }
}
