package io.sedd.worker.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.text.ByteTokenizer;
import org.junit.jupiter.api.Test;

class LaneTextTest {

  @Test
  void unfilledPositionsReadAsOneUnderscoreEach() {
    int mask = 257;
    assertEquals("__ab_c_", text(mask, mask, 'a', 'b', mask, 'c', mask));
    assertEquals("abc", text('a', 'b', 'c'));
    assertEquals("_", text(mask));
  }

  private static String text(int... states) {
    return LaneText.of(states, new ByteTokenizer());
  }
}
