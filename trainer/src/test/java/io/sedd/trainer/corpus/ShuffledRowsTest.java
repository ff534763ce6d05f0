package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.ByteTokenizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShuffledRowsTest {

  /** 63 bytes and an end of text: 21 rows of 3 tokens, 1 left over. All bytes differ. */
  private final PackedCorpus corpus =
      PackedCorpus.pack(
          Stream.of(
              IntStream.range('!', '!' + 63)
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                  .toString()),
          new ByteTokenizer(),
          3);

  @Test
  void everyEpochHasEveryRowOnceInAnotherOrder() {
    ShuffledRows rows = new ShuffledRows(corpus, 5, false, RowPosition.START);
    int[] first = rows.nextBatch(21);
    int[] second = rows.nextBatch(21);
    assertNotEquals(Arrays.toString(first), Arrays.toString(second));
    assertEquals(63, IntStream.of(first).distinct().count());
    assertEquals(63, IntStream.of(second).distinct().count());
    assertEquals(new RowPosition(2, 0), rows.position());
  }

  @Test
  void aShiftedEpochHasEveryTokenButTheRemainderOnce() {
    ShuffledRows rows = new ShuffledRows(corpus, 5, true, RowPosition.START);
    Set<Integer> leftOut = new HashSet<>();
    Set<Integer> starts = new TreeSet<>();
    for (int epoch = 0; epoch < 40; epoch++) {
      Set<Integer> seen = new HashSet<>();
      for (int i = 0; i < 21; i++) {
        int[] row = rows.next();
        starts.add(row[0]);
        IntStream.of(row).forEach(seen::add);
      }
      assertEquals(63, seen.size());
      IntStream.of(corpus.row(0)).filter(t -> !seen.contains(t)).forEach(leftOut::add);
    }
    // fixed seed, so no false alarm: unshifted, rows would start at 21 places
    assertEquals(64, starts.size());
    assertTrue(leftOut.size() > 0);
  }

  @Test
  void aStreamResumedAnywhereGoesOnAlike() {
    for (boolean shifted : new boolean[] {false, true}) {
      ShuffledRows whole = new ShuffledRows(corpus, 9, shifted, RowPosition.START);
      for (int i = 0; i < 50; i++) {
        ShuffledRows resumed = new ShuffledRows(corpus, 9, shifted, whole.position());
        int[] row = whole.next();
        assertArrayEquals(row, resumed.next());
        assertEquals(whole.position(), resumed.position());
      }
    }
  }

  @Test
  void batchesAreTheRowsEndToEnd() {
    ShuffledRows single = new ShuffledRows(corpus, 3, true, RowPosition.START);
    ShuffledRows batched = new ShuffledRows(corpus, 3, true, RowPosition.START);
    for (int batch = 0; batch < 6; batch++) {
      int[] tokens = batched.nextBatch(5);
      for (int i = 0; i < 5; i++) {
        assertArrayEquals(single.next(), Arrays.copyOfRange(tokens, 3 * i, 3 * i + 3));
      }
    }
  }

  @Test
  void theSeedDecidesTheOrder() {
    List<int[]> batches =
        Stream.of(1L, 2L, 1L)
            .map(seed -> new ShuffledRows(corpus, seed, false, RowPosition.START).nextBatch(21))
            .toList();
    assertArrayEquals(batches.get(0), batches.get(2));
    assertNotEquals(Arrays.toString(batches.get(0)), Arrays.toString(batches.get(1)));
  }

  @Test
  void everyRowComesFirstAboutEquallyOften() {
    // 2,100 epochs, 21 rows: chi-square with 20 degrees of freedom is below 45.3 with probability
    // 0.999; the seeds are fixed, so the verdict never changes
    int[] first = new int[21];
    for (int epoch = 0; epoch < 2_100; epoch++) {
      first[(int) new RowOrder(corpus, 11, epoch, false).row(0)]++;
    }
    double chiSquare = IntStream.of(first).mapToDouble(n -> (n - 100.0) * (n - 100.0) / 100).sum();
    assertTrue(chiSquare < 45.3, "chi-square " + chiSquare);
  }

  @Test
  void theOrderOfASeedNeverChanges() {
    RowOrder order = new RowOrder(corpus, 42, 3, true);
    List<Long> rows = LongStream.range(0, 6).map(order::row).boxed().toList();
    assertEquals("24: [18, 3, 5, 2, 10, 11]", order.shift() + ": " + rows);
  }

  @Test
  void aPositionBeyondTheCorpusIsRefused() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ShuffledRows(corpus, 1, false, new RowPosition(0, 21)));
    assertTrue(failure.getMessage().contains("21 rows"), failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new RowPosition(-1, 0));
  }
}
