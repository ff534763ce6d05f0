package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
}
