package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A product's description, its matrices' layouts, and the algorithm that the library's heuristic
 * chose for it.
 *
 * <p>The library's matrices lie in columns, ours in rows: what we call c is to it the transpose of
 * c, which is op(b)ᵀ op(a)ᵀ. So its first factor is our b, its second our a, and its rows are our
 * columns; a bias a row of its is a bias a column of ours.
 *
 * @param desc cublasLtMatmulDesc_t
 * @param first layout of b
 * @param second layout of a
 * @param result layout of c
 * @param algorithm in memory that goes with the plan
 * @param workspaceBytes that it needs
 */
record PlannedProduct(
    long desc, long first, long second, long result, MemorySegment algorithm, long workspaceBytes) {

  /** What a plan depends on. */
  record Key(
      Product product,
      int alignmentA,
      int alignmentB,
      int alignmentBias,
      int alignmentPreActivation,
      int alignmentC) {

    /** More is of no use to any algorithm. */
    private static final int MOST = 256;

    static Key of(Product product, long a, long b, long bias, long preActivation, long c) {
      return new Key(
          product,
          alignment(a),
          alignment(b),
          alignment(bias),
          alignment(preActivation),
          alignment(c));
    }

    private static int alignment(long address) {
      return (int) Long.lowestOneBit(address | MOST);
    }
  }

  /**
   * Asks the heuristic.
   *
   * @param mostWorkspace bytes of workspace that there are
   * @throws CudaException if the library cannot compute this product
   */
  static PlannedProduct of(CublasLt api, long handle, Key key, long mostWorkspace) {
    Product p = key.product();
    long desc = api.newDesc(Figures.COMPUTE_32F, Figures.REAL_32F);
    api.set32(desc, Figures.DESC_TRANSA, Figures.operation(p.transposeB()));
    api.set32(desc, Figures.DESC_TRANSB, Figures.operation(p.transposeA()));
    api.set32(desc, Figures.DESC_EPILOGUE, Figures.epilogue(p));
    int in = Figures.type(p.input());
    int out = Figures.type(p.output());
    long first =
        p.transposeB()
            ? api.newLayout(in, p.inner(), p.columns(), p.inner())
            : api.newLayout(in, p.columns(), p.inner(), p.columns());
    long second =
        p.transposeA()
            ? api.newLayout(in, p.rows(), p.inner(), p.rows())
            : api.newLayout(in, p.inner(), p.rows(), p.inner());
    long result = api.newLayout(out, p.columns(), p.rows(), p.columns());
    PlannedProduct described =
        new PlannedProduct(
            desc,
            first,
            second,
            result,
            Arena.ofAuto().allocate(HeuristicResult.ALGORITHM_BYTES, Long.BYTES),
            0);
    try {
      return described.withAlgorithm(api, handle, key, mostWorkspace);
    } catch (RuntimeException e) {
      described.destroy(api);
      throw e;
    }
  }

  private PlannedProduct withAlgorithm(CublasLt api, long handle, Key key, long mostWorkspace) {
    // the heuristic reads from these addresses' low bits how they are aligned, and nothing else
    point(api, desc, key.product(), key.alignmentBias(), key.alignmentPreActivation());
    if (key.product().preActivation()) {
      api.set64(desc, Figures.DESC_EPILOGUE_AUX_LD, key.product().columns());
    }
    long preference = preference(api, key, mostWorkspace);
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment found = scratch.allocate(HeuristicResult.LAYOUT);
      MemorySegment count = scratch.allocate(JAVA_INT);
      int status = api.heuristic(handle, desc, first, second, result, preference, found, count);
      boolean any = count.get(JAVA_INT, 0) > 0;
      if (status == 0 && any) {
        status = HeuristicResult.state(found);
      }
      if (status != 0 || !any) {
        throw new CudaException(
            "cuBLASLt %d (%s) has no algorithm for %s: %s"
                .formatted(
                    api.version(),
                    api.origin(),
                    key,
                    status == 0 ? "none was found" : api.name(status)));
      }
      algorithm.copyFrom(HeuristicResult.algorithm(found));
      return new PlannedProduct(
          desc, first, second, result, algorithm, HeuristicResult.workspaceSize(found));
    } finally {
      api.destroyPreference(preference);
    }
  }

  private static long preference(CublasLt api, Key key, long mostWorkspace) {
    long preference = api.newPreference();
    api.prefer64(preference, Figures.PREF_MAX_WORKSPACE_BYTES, mostWorkspace);
    api.prefer32(preference, Figures.PREF_REDUCTION_SCHEME_MASK, Figures.REDUCTION_COMPUTE_TYPE);
    api.prefer32(preference, Figures.PREF_MIN_ALIGNMENT_A_BYTES, key.alignmentB());
    api.prefer32(preference, Figures.PREF_MIN_ALIGNMENT_B_BYTES, key.alignmentA());
    api.prefer32(preference, Figures.PREF_MIN_ALIGNMENT_C_BYTES, key.alignmentC());
    api.prefer32(preference, Figures.PREF_MIN_ALIGNMENT_D_BYTES, key.alignmentC());
    return preference;
  }

  /** Lets a description point at a bias and a pre-activation, where its product has them. */
  static void point(CublasLt api, long desc, Product product, long bias, long preActivation) {
    if (product.epilogue().bias()) {
      api.set64(desc, Figures.DESC_BIAS_POINTER, bias);
    }
    if (product.preActivation()) {
      api.set64(desc, Figures.DESC_EPILOGUE_AUX_POINTER, preActivation);
    }
  }

  void destroy(CublasLt api) {
    api.destroyLayout(result);
    api.destroyLayout(second);
    api.destroyLayout(first);
    api.destroyDesc(desc);
  }
}
