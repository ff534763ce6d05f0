package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** cublasLtMatmulHeuristicResult_t: an algorithm, which only the library can read, and its cost. */
final class HeuristicResult {

  /** cublasLtMatmulAlgo_t: eight numbers of 64 bits. */
  static final long ALGORITHM_BYTES = 64;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          MemoryLayout.sequenceLayout(8, JAVA_LONG).withName("algo"),
          JAVA_LONG.withName("workspaceSize"),
          JAVA_INT.withName("state"),
          JAVA_FLOAT.withName("wavesCount"),
          MemoryLayout.sequenceLayout(4, JAVA_INT).withName("reserved"));

  private HeuristicResult() {}

  /** Bytes of workspace that the algorithm needs. */
  static long workspaceSize(MemorySegment result) {
    return result.get(JAVA_LONG, offset("workspaceSize"));
  }

  /** A cublasStatus_t. */
  static int state(MemorySegment result) {
    return result.get(JAVA_INT, offset("state"));
  }

  static MemorySegment algorithm(MemorySegment result) {
    return result.asSlice(0, ALGORITHM_BYTES);
  }

  static long offset(String field) {
    return LAYOUT.byteOffset(PathElement.groupElement(field));
  }
}
