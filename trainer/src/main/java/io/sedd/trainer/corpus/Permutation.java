package io.sedd.trainer.corpus;

/**
 * A permutation of 0 to n-1 in constant memory: a Feistel cipher on pairs (left, right) with a · b
 * a little above n, walked along its cycle until it lands below n (Black and Rogaway, "Ciphers with
 * arbitrary finite domains", CT-RSA 2002, section 3).
 *
 * <pre>
 *   left += F(k1, right) mod a;  right += F(k2, left) mod b;  and so on
 * </pre>
 */
final class Permutation {

  /**
   * 4 make a pseudorandom permutation of a good F (Luby and Rackoff); a small n needs some more.
   */
  private static final int ROUNDS = 8;

  private final long size;
  private final long left;
  private final long right;
  private final long[] keys = new long[ROUNDS];

  /** Of {@code size} numbers, with keys from the given source. */
  Permutation(long size, SplitMix random) {
    this.size = size;
    this.right = Math.max(1, (long) Math.ceil(Math.sqrt(size)));
    this.left = Math.ceilDiv(size, right);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = random.next();
    }
  }

  /** Where an index goes. */
  long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index + " of " + size);
    }
    long place = index;
    do {
      place = encipher(place);
    } while (place >= size);
    return place;
  }

  private long encipher(long place) {
    long l = place / right;
    long r = place % right;
    for (int round = 0; round < ROUNDS; round += 2) {
      l = (l + mixed(keys[round], r, left)) % left;
      r = (r + mixed(keys[round + 1], l, right)) % right;
    }
    return l * right + r;
  }

  private static long mixed(long key, long number, long bound) {
    return Math.unsignedMultiplyHigh(SplitMix.mix(key ^ SplitMix.mix(number + 1)), bound);
  }
}
