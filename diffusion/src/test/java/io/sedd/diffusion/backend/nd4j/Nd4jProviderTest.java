package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Nd4jProviderTest {

  @Test
  void theDefaultBackendIsNd4jAndSaysWhichKernelsItUses() {
    try (Backend backend = Backends.open(Optional.empty(), new BackendOptions(1, 0))) {
      assertEquals("nd4j", backend.name());
      assertTrue(backend.description().contains("products by oneDNN"), backend.description());
      assertTrue(backend.description().contains("Vector API"), backend.description());
    }
  }

  @Test
  void bf16IsHonouredAndTheDescriptionSaysHow() {
    try (Backend backend =
        Backends.open(Optional.of("nd4j"), new BackendOptions(1, 0, Precision.BF16))) {
      assertEquals(Precision.BF16, backend.precision());
      String how =
          OneDnn.load().multipliesBf16()
              ? "this processor( multiplies bf16|'s bf16 instructions do 0\\.\\d times the work of"
                  + " fp32)"
              : "bf16 weights, fp32 arithmetic, .*: this processor has no bf16 instructions";
      assertTrue(backend.description().matches(".*" + how + ".*"), backend.description());
    }
  }

  @Test
  void theUsualPrecisionIsFp32() {
    try (Backend backend = Backends.open(Optional.of("nd4j"), new BackendOptions(1, 0))) {
      assertEquals(Precision.FP32, backend.precision());
    }
  }

  @Test
  void withoutOneDnnNd4jMultipliesAndBf16IsRefused() {
    try (RowPool pool = new RowPool(1)) {
      String reason = "oneDNN does not load: for this test";
      MatrixProduct product = Products.without(Precision.DEFAULT, reason, pool);
      assertEquals("fp32 products by ND4J's BLAS (" + reason + ")", product.description());
      BackendUnavailableException refused =
          assertThrows(
              BackendUnavailableException.class,
              () -> Products.without(Precision.BF16, reason, pool));
      assertTrue(refused.getMessage().contains("precision bf16 needs oneDNN"));
    }
  }

  @Test
  void aFrozenWeightOfBf16CannotBeReadAndSaysSo() {
    try (Backend backend =
            Backends.open(Optional.of("nd4j"), new BackendOptions(1, 0, Precision.BF16));
        Tensor weight = backend.allocate(3, 5);
        Tensor frozen = backend.freeze(weight)) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> backend.read(frozen));
      assertTrue(refused.getMessage().contains("can only be multiplied with"));
    }
  }

  @Test
  void probingTellsWhatWasFound() {
    assertEquals("ND4J runs on CpuBackend", new Nd4jProvider().probe().reason());
  }

  @Test
  void anNd4jThatDoesNotStartIsSaidAsTheBuildIsForACardOrForAProcessor() {
    Throwable fault = new UnsatisfiedLinkError("no jnind4jcuda");
    String card = Nd4jProvider.absent(fault, true);
    assertTrue(card.contains("profile cuda-11.6"), card);
    assertTrue(card.contains("compute capability 3.7 to 8.6"), card);
    String processor = Nd4jProvider.absent(fault, false);
    assertTrue(processor.contains("nd4j-native"), processor);
  }

  @Test
  void bf16IsRefusedWhereNd4jsOwnOperationsCompute() {
    BackendUnavailableException refused =
        assertThrows(
            BackendUnavailableException.class,
            () -> Nd4jOperations.open(new BackendOptions(1, 0, Precision.BF16)));
    assertEquals(Nd4jOperations.bf16Refusal("CpuBackend"), refused.getMessage());
    assertTrue(refused.getMessage().contains("choose the precision fp32"), refused.getMessage());
  }

  @Test
  void nd4jsOwnOperationsSayWhereTheyRunAndWhy() {
    try (Backend backend = Nd4jOperations.open(new BackendOptions(3, 0))) {
      assertEquals("nd4j", backend.name());
      assertEquals(Precision.FP32, backend.precision());
      assertTrue(
          backend
              .description()
              .startsWith(
                  "ND4J's own operations on CpuBackend, fp32: oneDNN and the row kernels know a"
                      + " processor's memory only; draws on the host, 3 threads, rows by"),
          backend.description());
    }
  }
}
