package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {

  private static Permutation of(long size, long seed) {
    return new Permutation(size, new SplitMix(seed, 0));
  }

  @Test
  void everyNumberComesOnceWhateverTheSize() {
    IntStream.concat(IntStream.rangeClosed(1, 300), IntStream.of(1023, 1024, 1025, 99_991))
        .forEach(
            size -> {
              Permutation permutation = of(size, 7);
              BitSet seen = new BitSet(size);
              for (int i = 0; i < size; i++) {
                seen.set((int) permutation.at(i));
              }
              assertEquals(size, seen.cardinality());
              assertEquals(size, seen.length());
            });
  }

  @Test
  void aSizeBeyondAnIntIsPermutedToo() {
    long size = 40_000_000_007L;
    Permutation permutation = of(size, 3);
    long[] places = IntStream.range(0, 1000).mapToLong(permutation::at).toArray();
    assertEquals(1000, java.util.Arrays.stream(places).distinct().count());
    for (long place : places) {
      assertTrue(place >= 0 && place < size, "place " + place);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> permutation.at(size));
    assertThrows(IndexOutOfBoundsException.class, () -> permutation.at(-1));
  }

  /**
   * All 24 orders of 4 numbers about equally often: chi-square with 23 degrees of freedom is below
   * 49.7 with probability 0.999; the seeds are fixed, so the verdict never changes.
   */
  @Test
  void everyOrderIsAboutEquallyLikely() {
    int[] counts = new int[256];
    for (int seed = 0; seed < 24_000; seed++) {
      Permutation permutation = of(4, seed);
      counts[
          (int)
              (permutation.at(0) * 64
                  + permutation.at(1) * 16
                  + permutation.at(2) * 4
                  + permutation.at(3))]++;
    }
    int[] orders = IntStream.of(counts).filter(c -> c > 0).toArray();
    assertEquals(24, orders.length);
    double chiSquare =
        IntStream.of(orders).mapToDouble(c -> (c - 1000.0) * (c - 1000.0) / 1000).sum();
    assertTrue(chiSquare < 49.7, "chi-square " + chiSquare);
  }

  /**
   * Neighbours do not stay neighbours: of 10,000 differences modulo n, each of 100 ranges is hit
   * about 100 times; chi-square with 99 degrees of freedom is below 148 with probability 0.999,
   * fixed seed.
   */
  @Test
  void neighboursAreScattered() {
    Permutation permutation = of(10_000, 5);
    int[] counts = new int[100];
    for (int i = 0; i < 10_000; i++) {
      long step = permutation.at((i + 1) % 10_000) - permutation.at(i);
      counts[(int) (Math.floorMod(step, 10_000L) / 100)]++;
    }
    double chiSquare = IntStream.of(counts).mapToDouble(c -> (c - 100.0) * (c - 100.0) / 100).sum();
    assertTrue(chiSquare < 148, "chi-square " + chiSquare);
  }
}
