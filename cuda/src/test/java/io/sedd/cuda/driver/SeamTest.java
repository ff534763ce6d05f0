package io.sedd.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SeamTest {

  @Test
  void argumentsKeepTheirOrderTheirSizeAndTheirBits() {
    KernelArguments arguments =
        new KernelArguments().address(0x7f00_0000_0100L).int32(-3).int64(-1L).float32(1f);
    assertEquals(4, arguments.count());
    assertEquals(KernelArguments.Kind.BITS64, arguments.kind(0));
    assertEquals(0x7f00_0000_0100L, arguments.bits(0));
    assertEquals(KernelArguments.Kind.BITS32, arguments.kind(1));
    assertEquals(0xffff_fffdL, arguments.bits(1));
    assertEquals(-1L, arguments.bits(2));
    assertEquals(0x3f80_0000L, arguments.bits(3));
  }

  @Test
  void argumentsGrowAsTheyAreGiven() {
    KernelArguments arguments = new KernelArguments();
    for (int i = 0; i < 40; i++) {
      arguments.int32(i);
    }
    assertEquals(39, arguments.bits(39));
  }

  @Test
  void hopperAloneIsCompiledWithItsOwnInstructions() {
    assertEquals("compute_80", architecture(8, 0).virtual());
    assertEquals("sm_90a", architecture(9, 0).real());
    assertEquals("compute_100", architecture(10, 0).virtual());
  }

  @Test
  void aProductThatAccumulatesHasNoEpilogue() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Product(
                1, 1, 1, false, true, Element.BF16, Element.F32, true, Epilogue.BIAS, false));
  }

  @Test
  void anEmptySideOfAGridIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Grid.line(0, 32));
  }

  private static Architecture architecture(int major, int minor) {
    return Architecture.of(new DeviceProperties("card", major, minor, 132, 232_448, 1, 12_040));
  }
}
