package io.sedd.cuda.cublaslt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.library.CudaLibrary;
import io.sedd.cuda.library.LibrarySearch;
import io.sedd.cuda.library.LoadedLibrary;
import io.sedd.cuda.library.MissingLibraryException;
import io.sedd.cuda.library.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** With the library itself: what of it works without a card is how a product is described. */
class InstalledCublasLtTest {

  @Test
  void theLibraryUnderstandsTheDescriptionAsItWasMeant() {
    LoadedLibrary library = orSkip();
    CublasLt api = new CublasLt(library);
    assertTrue(api.version() > 120_000, "version " + api.version());
    long desc = api.newDesc(Figures.COMPUTE_32F, Figures.REAL_32F);
    api.set32(desc, Figures.DESC_TRANSA, Figures.OPERATION_TRANSPOSE);
    api.set32(desc, Figures.DESC_TRANSB, Figures.OPERATION_NONE);
    api.set32(desc, Figures.DESC_EPILOGUE, 164);
    api.set64(desc, Figures.DESC_BIAS_POINTER, 0x3010);
    api.set64(desc, Figures.DESC_EPILOGUE_AUX_POINTER, 0x4000);
    api.set64(desc, Figures.DESC_EPILOGUE_AUX_LD, 3072);
    assertEquals(Figures.COMPUTE_32F, attribute(library, "MatmulDesc", desc, 0, 4));
    assertEquals(1, attribute(library, "MatmulDesc", desc, 3, 4));
    assertEquals(164, attribute(library, "MatmulDesc", desc, 7, 4));
    assertEquals(0x3010, attribute(library, "MatmulDesc", desc, 8, 8));
    assertEquals(0x4000, attribute(library, "MatmulDesc", desc, 11, 8));
    assertEquals(3072, attribute(library, "MatmulDesc", desc, 12, 8));
    api.destroyDesc(desc);
  }

  @Test
  void theLibraryUnderstandsLayoutsAndPreferencesAsTheyWereMeant() {
    LoadedLibrary library = orSkip();
    CublasLt api = new CublasLt(library);
    long layout = api.newLayout(Figures.REAL_16BF, 768, 3072, 800);
    assertEquals(Figures.REAL_16BF, attribute(library, "MatrixLayout", layout, 0, 4));
    assertEquals(768, attribute(library, "MatrixLayout", layout, 2, 8));
    assertEquals(3072, attribute(library, "MatrixLayout", layout, 3, 8));
    assertEquals(800, attribute(library, "MatrixLayout", layout, 4, 8));
    api.destroyLayout(layout);
    long preference = api.newPreference();
    api.prefer64(preference, Figures.PREF_MAX_WORKSPACE_BYTES, 32L << 20);
    api.prefer32(preference, Figures.PREF_REDUCTION_SCHEME_MASK, 2);
    for (int which = 5; which <= 8; which++) {
      api.prefer32(preference, which, 1 << which);
      assertEquals(1 << which, attribute(library, "MatmulPreference", preference, which, 4));
    }
    assertEquals(32 << 20, attribute(library, "MatmulPreference", preference, 1, 8));
    assertEquals(2, attribute(library, "MatmulPreference", preference, 3, 4));
    api.destroyPreference(preference);
  }

  @Test
  void anAttributeOfAnotherSizeIsRefusedInItsOwnWords() {
    CublasLt api = new CublasLt(orSkip());
    long desc = api.newDesc(Figures.COMPUTE_32F, Figures.REAL_32F);
    CudaException e =
        assertThrows(CudaException.class, () -> api.set32(desc, Figures.DESC_BIAS_POINTER, 1));
    assertEquals(
        "cublasLtMatmulDescSetAttribute 8: CUBLAS_STATUS_INVALID_VALUE (7)", e.getMessage());
    api.destroyDesc(desc);
  }

  private static long attribute(
      LoadedLibrary library, String kind, long object, int which, long bytes) {
    MethodHandle get =
        library.function(
            "cublasLt" + kind + "GetAttribute",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_LONG);
      MemorySegment written = arena.allocate(JAVA_LONG);
      assertEquals(
          0, NativeCall.result(() -> (int) get.invokeExact(object, which, value, bytes, written)));
      assertEquals(bytes, written.get(JAVA_LONG, 0));
      return bytes == 4 ? value.get(JAVA_INT, 0) : value.get(JAVA_LONG, 0);
    }
  }

  private static LoadedLibrary orSkip() {
    try {
      return LibrarySearch.ofThisMachine().load(CudaLibrary.CUBLAS_LT, 13);
    } catch (MissingLibraryException e) {
      return Assumptions.abort(
          e.getMessage()
              + "; give its folder with -D"
              + LibrarySearch.PROPERTY
              + "=FOLDER to run this test");
    }
  }
}
