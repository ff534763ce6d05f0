package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Epilogue;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.library.FakeLibrary;
import io.sedd.cuda.library.HeaderTypes;
import java.lang.foreign.FunctionDescriptor;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Functions and structures as cublasLt.h of CUDA 12 and 13 declares them. */
class CublasLtHeaderTest {

  private static final String DECLARATIONS =
      """
      cublasLtCreate(cublasLtHandle_t*)
      cublasLtDestroy(handle)
      cublasLtMatmulDescCreate(cublasLtMatmulDesc_t*, enum, enum)
      cublasLtMatmulDescSetAttribute(handle, enum, const void*, size_t)
      cublasLtMatmulDescDestroy(handle)
      cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t*, enum, uint64_t, uint64_t, int64_t)
      cublasLtMatrixLayoutDestroy(handle)
      cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t*)
      cublasLtMatmulPreferenceSetAttribute(handle, enum, const void*, size_t)
      cublasLtMatmulPreferenceDestroy(handle)
      cublasLtMatmulAlgoGetHeuristic(handle, handle, handle, handle, handle, handle, handle, int, \
      cublasLtMatmulHeuristicResult_t*, int*)
      cublasLtMatmul(handle, handle, const void*, CUdeviceptr, handle, CUdeviceptr, handle, \
      const void*, CUdeviceptr, handle, CUdeviceptr, handle, const cublasLtMatmulAlgo_t*, \
      CUdeviceptr, size_t, handle)
      """;

  @Test
  void everyFunctionHasTheArgumentsOfTheHeader() {
    FakeLibrary library = new FakeLibrary();
    new CublasLt(library);
    Map<String, FunctionDescriptor> expected = HeaderTypes.parse(DECLARATIONS);
    expected.put("cublasLtGetVersion", FunctionDescriptor.of(JAVA_LONG));
    expected.put("cublasLtGetStatusName", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    assertEquals(expected, new TreeMap<>(library.types()));
  }

  /** sizeof and offsetof, as a C compiler gives them. */
  @Test
  void theHeuristicsResultLiesAsInC() {
    assertEquals(96, HeuristicResult.LAYOUT.byteSize());
    assertEquals(0, HeuristicResult.offset("algo"));
    assertEquals(64, HeuristicResult.offset("workspaceSize"));
    assertEquals(72, HeuristicResult.offset("state"));
    assertEquals(76, HeuristicResult.offset("wavesCount"));
    assertEquals(80, HeuristicResult.offset("reserved"));
  }

  @Test
  void epiloguesAreTheHeadersBits() {
    assertEquals(1, epilogue(Epilogue.NONE, false));
    assertEquals(4, epilogue(Epilogue.BIAS, false));
    assertEquals(32, epilogue(Epilogue.GELU, false));
    assertEquals(36, epilogue(Epilogue.BIAS_GELU, false));
    assertEquals(32 | 128, epilogue(Epilogue.GELU, true));
    assertEquals(36 | 128, epilogue(Epilogue.BIAS_GELU, true));
  }

  private static int epilogue(Epilogue epilogue, boolean preActivation) {
    return Figures.epilogue(
        new Product(
            1, 1, 8, false, true, Element.BF16, Element.F32, false, epilogue, preActivation));
  }
}
