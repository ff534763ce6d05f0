package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a device may do beside the host: draws that have been begun, work aside, replayed kernels.
 */
interface ConcurrencyConformance {

  Backend backend();

  /** Ten draws of rows of their own, logits written over by the next as soon as they have begun. */
  @Test
  default void drawsThatHaveBegunAreThoseThatWait() {
    int states = 40;
    RowLayout layout = RowLayout.ofLengths(3, 2);
    int[] own = new int[5];
    Arrays.fill(own, states - 1);
    List<int[]> expected = new ArrayList<>();
    List<int[]> drawn = new ArrayList<>();
    List<PendingDraw> begun = new ArrayList<>();
    try (Tensor logits = backend().allocate(5, states)) {
      for (int n = 0; n < 10; n++) {
        backend().write(numbers(5 * states, n), logits);
        expected.add(new int[5]);
        backend().draw(logits, layout, own, Rules.absorbing(2), expected.get(n));
      }
      for (int n = 0; n < 10; n++) {
        backend().write(numbers(5 * states, n), logits);
        drawn.add(new int[5]);
        begun.add(backend().beginDraw(logits, layout, own, Rules.absorbing(2), drawn.get(n)));
      }
    }
    Collections.reverse(begun);
    begun.forEach(PendingDraw::await);
    for (int n = 0; n < 10; n++) {
      assertArrayEquals(expected.get(n), drawn.get(n), "draw " + n);
    }
    assertTrue(expected.stream().map(Arrays::toString).distinct().count() > 1);
  }

  @Test
  default void aBegunDrawThatIsRefusedSpoilsNoOther() {
    RowLayout layout = RowLayout.ofLengths(1);
    int[] own = {3};
    int[] drawn = {-1};
    try (Tensor bad = backend().allocate(1, 4);
        Tensor good = backend().allocate(1, 4)) {
      backend().fill(bad, Float.NaN);
      assertThrows(
          ArithmeticException.class,
          () -> {
            PendingDraw refused =
                backend().beginDraw(bad, layout, own, Rules.absorbing(1), new int[1]);
            backend().beginDraw(good, layout, own, Rules.absorbing(1), drawn).await();
            refused.await();
          });
      backend().beginDraw(good, layout, own, Rules.absorbing(1), drawn).await();
      assertTrue(drawn[0] >= 0 && drawn[0] < 4);
    }
  }

  @Test
  default void whatIsWrittenAsideIsThereAfterwardsAndReadsWhatCameBefore() {
    try (Tensor before = backend().allocate(2, 3);
        Tensor aside = backend().allocate(2, 3)) {
      backend().fill(before, 4);
      float[] seen =
          backend()
              .<float[], RuntimeException>aside(
                  () -> {
                    backend().write(MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6}), aside);
                    backend().add(before, aside);
                    return backend().read(aside);
                  });
      assertArrayEquals(new float[] {5, 6, 7, 8, 9, 10}, seen);
      backend().add(before, aside);
      assertArrayEquals(new float[] {9, 10, 11, 12, 13, 14}, backend().read(aside));
      backend()
          .<Object, RuntimeException>aside(
              () -> {
                backend().fill(aside, 1);
                return null;
              });
      backend().add(aside, before);
      assertArrayEquals(new float[] {5, 5, 5, 5, 5, 5}, backend().read(before));
    }
  }

  @Test
  default void replayedKernelsAreRunAnewEachTime() {
    RowLayout layout = RowLayout.ofLengths(2);
    try (Tensor x = backend().allocate(2, 3);
        Tensor sum = backend().allocate(2, 3)) {
      for (int n = 1; n < 9; n++) {
        backend().fill(x, n);
        backend().replayed(this, layout, List.of(x, sum), () -> backend().add(x, sum));
      }
      backend().finish();
      float[] expected = new float[6];
      Arrays.fill(expected, 36);
      assertArrayEquals(expected, backend().read(sum));
    }
  }

  private static MemorySegment numbers(int count, int seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i * 0.7 + seed);
    }
    return MemorySegment.ofArray(values);
  }
}
