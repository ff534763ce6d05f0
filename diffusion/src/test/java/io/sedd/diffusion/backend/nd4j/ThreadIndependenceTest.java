package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a sequence gets depends neither on the threads nor on who shares its batch, to the bit. */
class ThreadIndependenceTest {

  private static final int HEADS = 2;
  private static final int HIDDEN = 32;

  @Test
  void attentionIsTheSameOnOneThreadAndOnManyAndInAnyBatch() {
    int[] lengths = {700, 1, 33};
    float[] qkv = random(3 * HIDDEN * Arrays.stream(lengths).sum(), 1);
    float[] alone = attend(1, Arrays.copyOf(qkv, 3 * HIDDEN * 700), 700);
    float[] together = attend(1, qkv, lengths);
    // on many threads the long sequence is cut into several tasks
    float[] onMany = attend(5, qkv, lengths);
    assertArrayEquals(together, onMany);
    assertArrayEquals(alone, Arrays.copyOf(together, alone.length));
  }

  @Test
  void theDrawIsTheSameOnOneThreadAndOnMany() {
    int states = 5003;
    int rows = 40;
    float[] logits = random(rows * states, 3);
    for (double topP : new double[] {1, 0.7}) {
      DrawRule uniform = new DrawRule(1e-4, -1e-9, 1, -1e-6, 0, 0.8, topP, 7, 0, 3);
      assertArrayEquals(
          draw(1, logits, rows, states, uniform), draw(4, logits, rows, states, uniform));
    }
  }

  private static float[] attend(int threads, float[] values, int... lengths) {
    RowLayout layout = RowLayout.ofLengths(lengths);
    try (Backend backend = open(threads);
        Tensor qkv = backend.allocate(layout.rows(), 3 * HIDDEN);
        Tensor mix = backend.allocate(layout.rows(), HIDDEN)) {
      backend.write(MemorySegment.ofArray(values), qkv);
      backend.attend(qkv, HEADS, layout, null, mix);
      return backend.read(mix);
    }
  }

  private static int[] draw(int threads, float[] values, int rows, int states, DrawRule rule) {
    int[] own = new int[rows];
    Arrays.setAll(own, r -> r * 97 % states);
    int[] drawn = new int[rows];
    try (Backend backend = open(threads);
        Tensor logits = backend.allocate(rows, states)) {
      backend.write(MemorySegment.ofArray(values), logits);
      backend.draw(logits, RowLayout.ofLengths(rows), own, Collections.nCopies(1, rule), drawn);
      return drawn;
    }
  }

  private static Backend open(int threads) {
    RowPool pool = new RowPool(threads);
    return new Nd4jBackend(RowKernels.vector(), new Nd4jMatrixProduct("not used", pool), pool);
  }

  private static float[] random(int size, double deviation) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
