package io.sedd.cuda.cublaslt;

import static io.sedd.cuda.library.FakeLibrary.at;
import static io.sedd.cuda.library.FakeLibrary.put;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Epilogue;
import io.sedd.cuda.driver.Product;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.libcuda.FakeLibcuda;
import io.sedd.cuda.libcuda.LibcudaDevices;
import io.sedd.cuda.libcuda.LibcudaDriver;
import io.sedd.cuda.library.FakeLibrary;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What cuBLASLt is told of a product, and how often it is asked. */
class CublasLtProductsTest {

  private final FakeLibrary cuda = FakeLibcuda.card(9, 0, 13_000);
  private final LibcudaDriver driver = LibcudaDevices.start(cuda, 12_000).open(0);
  private final Stream stream = driver.newStream();
  private final FakeLibrary library =
      FakeCublasLt.library().quiet("cublasLtMatmulDescSetAttribute");
  private final Map<Integer, Long> attributes = new TreeMap<>();
  private final Map<Integer, Long> preferences = new TreeMap<>();
  private final List<List<Object>> layouts = new ArrayList<>();
  private final List<Object> matmul = new ArrayList<>();
  private long needed = 1 << 20;

  CublasLtProductsTest() {
    library.on("cublasLtMatmulDescCreate", a -> put(a[0], 1000L * (int) a[1] + (int) a[2]));
    library.on("cublasLtMatmulDescSetAttribute", a -> note(attributes, a));
    library.on("cublasLtMatmulPreferenceCreate", a -> put(a[0], 0x77L));
    library.on("cublasLtMatmulPreferenceSetAttribute", a -> note(preferences, a));
    library.on(
        "cublasLtMatrixLayoutCreate",
        a -> {
          layouts.add(List.of(a[1], a[2], a[3], a[4]));
          return put(a[0], 0x100L + layouts.size());
        });
    library.on(
        "cublasLtMatmulAlgoGetHeuristic",
        a -> {
          MemorySegment result = at(a[8], 96);
          result.set(JAVA_LONG, 0, 0xa190L);
          result.set(JAVA_LONG, 64, needed);
          result.set(JAVA_INT, 72, 0);
          return put(a[9], 1);
        });
    library.on(
        "cublasLtMatmul",
        a -> {
          matmul.clear();
          Collections.addAll(
              matmul,
              a[1],
              at(a[2], 4).get(JAVA_FLOAT, 0),
              a[3],
              a[4],
              a[5],
              a[6],
              at(a[7], 4).get(JAVA_FLOAT, 0),
              a[8],
              a[9],
              a[10],
              a[11],
              at(a[12], 64).get(JAVA_LONG, 0),
              a[13],
              a[14],
              a[15]);
          return 0;
        });
    cuda.on("cuMemAlloc_v2", a -> put(a[0], 0xa000_0000L));
    cuda.takeCalls();
  }

  private static int note(Map<Integer, Long> into, Object[] a) {
    long bytes = (long) a[3];
    MemorySegment value = at(a[2], bytes);
    into.put((int) a[1], bytes == 8 ? value.get(JAVA_LONG, 0) : (long) value.get(JAVA_INT, 0));
    return 0;
  }

  private CublasLtProducts open() {
    return new CublasLtProducts(library, driver, driver::enter, 4);
  }

  /** y [128, 3072] = GELU(x [128, 768] Wᵀ + b), W [3072, 768], as the network has it. */
  @Test
  void aLinearLayerIsToldInColumns() {
    try (CublasLtProducts products = open()) {
      products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3010, 0x4000, 0x5000);
      assertEquals(
          List.of(
              List.<Object>of(14, 768L, 3072L, 768L),
              List.<Object>of(14, 768L, 128L, 768L),
              List.<Object>of(0, 3072L, 128L, 3072L)),
          layouts);
      // first factor transposed, second not, GELU with bias and pre-activation, its leading side
      assertEquals(Map.of(3, 1L, 4, 0L, 7, 164L, 8, 0x3010L, 11, 0x4000L, 12, 3072L), attributes);
      assertEquals(
          List.of(
              68_000L,
              1f,
              0x2000L,
              0x101L,
              0x1000L,
              0x102L,
              0f,
              0x5000L,
              0x103L,
              0x5000L,
              0x103L,
              0xa190L,
              0xa000_0000L,
              1L << 20,
              0x51L),
          matmul);
    }
  }

  @Test
  void aGradientOfAWeightIsTransposedAndAdded() {
    try (CublasLtProducts products = open()) {
      Product product =
          new Product(96, 5, 64, true, false, Element.F32, Element.F32, true, Epilogue.NONE, false);
      products.multiply(stream, product, 0x1000, 0x2000, 0, 0, 0x5000);
      assertEquals(
          List.of(
              List.<Object>of(0, 64L, 5L, 64L),
              List.<Object>of(0, 96L, 5L, 96L),
              List.<Object>of(0, 64L, 96L, 64L)),
          layouts);
      assertEquals(Map.of(3, 0L, 4, 1L, 7, 1L), attributes);
      assertEquals(1f, matmul.get(6));
    }
  }

  @Test
  void theHeuristicIsAskedOnceAShape() {
    try (CublasLtProducts products = open()) {
      for (int round = 0; round < 3; round++) {
        products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
        products.multiply(stream, layer(256), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      }
      assertEquals(2, library.takeCalls().stream().filter(c -> c.endsWith("GetHeuristic")).count());
    }
  }

  @Test
  void eachProductHasItsOwnBiasWhicheverWasPlanned() {
    try (CublasLtProducts products = open()) {
      products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3100, 0x4100, 0x5000);
      assertEquals(0x3100L, attributes.get(8));
      assertEquals(0x4100L, attributes.get(11));
    }
  }

  @Test
  void theHeuristicKnowsHowTheMatricesAreAligned() {
    try (CublasLtProducts products = open()) {
      Product product =
          new Product(3, 5, 7, false, true, Element.BF16, Element.F32, false, Epilogue.NONE, false);
      products.multiply(stream, product, 0x1002, 0x2010, 0, 0, 0x500c);
      // workspace, sums of parts in fp32, and A is our b
      assertEquals(Map.of(1, 32L << 20, 3, 2L, 5, 16L, 6, 2L, 7, 4L, 8, 4L), preferences);
    }
  }

  @Test
  void aWorkspaceIsTakenOnlyWhereAnAlgorithmNeedsOneAndOnceAStream() {
    try (CublasLtProducts products = open()) {
      needed = 0;
      products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      assertEquals(List.of(), cuda.takeCalls());
      assertEquals(0L, matmul.get(12));
      needed = 100;
      products.multiply(stream, layer(256), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      products.multiply(stream, layer(384), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      assertEquals(List.of("cuMemAlloc_v2"), cuda.takeCalls());
    }
    assertEquals(List.of("cuMemFree_v2"), cuda.takeCalls());
  }

  @Test
  void aProductThatTheLibraryCannotComputeIsNamed() {
    library.on("cublasLtMatmulAlgoGetHeuristic", _ -> 15);
    try (CublasLtProducts products = open()) {
      CudaException e =
          assertThrows(
              CudaException.class,
              () -> products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000));
      assertTrue(e.getMessage().contains("rows=128, inner=768"), e.getMessage());
      assertTrue(e.getMessage().endsWith("CUBLAS_STATUS_FAKE (15)"), e.getMessage());
    }
    long made = library.takeCalls().stream().filter(c -> c.endsWith("LayoutCreate")).count();
    assertEquals(3, made);
  }

  @Test
  void noMemoryForTheLibraryIsAnErrorOfItsOwn() {
    library.on("cublasLtMatmul", _ -> 3);
    try (CublasLtProducts products = open()) {
      assertThrows(
          DeviceException.OutOfMemory.class,
          () -> products.multiply(stream, layer(128), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000));
    }
  }

  @Test
  void allThatWasMadeIsDestroyedThePlansUsedLastAtTheEnd() {
    try (CublasLtProducts products = open()) {
      for (int rows = 1; rows <= 7; rows++) {
        products.multiply(stream, layer(rows), 0x1000, 0x2000, 0x3000, 0x4000, 0x5000);
      }
    }
    List<String> calls = library.takeCalls();
    for (String kind : List.of("cublasLtMatmulDesc", "cublasLtMatrixLayout", "cublasLt")) {
      assertEquals(count(calls, kind + "Create"), count(calls, kind + "Destroy"), kind);
    }
  }

  private static long count(List<String> calls, String name) {
    return calls.stream().filter(name::equals).count();
  }

  private static Product layer(int rows) {
    return new Product(
        rows, 768, 3072, false, true, Element.BF16, Element.F32, false, Epilogue.BIAS_GELU, true);
  }
}
