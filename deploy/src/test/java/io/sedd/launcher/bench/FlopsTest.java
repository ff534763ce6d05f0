package io.sedd.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.NetworkInput;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FlopsTest {

  /**
   * The figures of the official small model: 0.29 TFLOP, blocks 60 %, head 27 %, attention 13 %.
   */
  @Test
  void theSmallModelTakesWhatItIsKnownToTake() {
    Flops flops = new Flops(NamedShape.SEDD_SMALL.shape(OptionalInt.empty(), OptionalInt.empty()));
    RowLayout layout = RowLayout.ofLengths(1024);
    double all = flops.forward(NetworkInput.ofAll(layout, new int[1024], new double[] {1}));
    assertEquals(0.29e12, all, 0.005e12);
    assertEquals(0.60, flops.blocks(1024) / all, 0.005);
    assertEquals(0.27, flops.head(1024) / all, 0.005);
    assertEquals(0.13, flops.attention(layout) / all, 0.005);
  }
}
