package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import org.junit.jupiter.api.Test;

class Bf16RateTest {

  @Test
  void instructionsThatAreSlowerThanFp32AreNotUsed() {
    assertEquals(false, Bf16Rate.worthwhile(0.5));
    assertEquals(true, Bf16Rate.worthwhile(1));
    assertEquals(true, Bf16Rate.worthwhile(6));
  }

  @Test
  void theRateIsMeasuredWhereThereAreInstructions() {
    OneDnn library = OneDnn.load();
    assumeTrue(library.multipliesBf16(), "this processor has no bf16 instructions");
    double rate = Bf16Rate.measure(library);
    assertTrue(rate > 0.01 && rate < 1_000, () -> "rate " + rate);
  }

  @Test
  void theDescriptionSaysWhyBf16IsMultipliedAsItIs() {
    OneDnn library = OneDnn.load();
    try (RowPool pool = new RowPool(1);
        MatrixProduct product = Products.best(Precision.BF16, RowKernels.vector(), pool)) {
      String expected =
          library.multipliesBf16()
              ? "this processor('s bf16 instructions do| multiplies)"
              : "no bf16";
      assertTrue(
          product.description().matches(".*" + expected + ".*"), () -> product.description());
    }
  }
}
