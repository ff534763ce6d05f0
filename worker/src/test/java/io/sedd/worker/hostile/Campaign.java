package io.sedd.worker.hostile;

import io.sedd.worker.hostile.HostileInput.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damaged inputs in an order that one seed fixes. Damaged ones that are accepted are damaged
 * further, so that the walk leaves the neighbourhood of the good ones.
 */
final class Campaign {

  private static final int MOST_BASES = 256;

  private final HostileInput input;
  private final SplittableRandom random;
  private final List<byte[]> bases;
  private final int seeds;

  Campaign(HostileInput input, long seed) {
    this.input = input;
    this.random = new SplittableRandom(seed);
    this.bases = new ArrayList<>(input.seeds());
    this.seeds = bases.size();
  }

  /**
   * Runs it.
   *
   * @throws AssertionError naming the input's number and bytes at the first that breaks a limit
   */
  Watch run(int count) {
    Watch watch = new Watch(input);
    for (byte[] seed : bases) {
      if (watch.read(seed) != Verdict.ACCEPTED) {
        throw new AssertionError("a good input of " + input.name() + " is refused");
      }
    }
    for (int i = 0; i < count; i++) {
      byte[] bytes = input.mutate(base(), base(), random);
      try {
        if (watch.read(bytes) == Verdict.ACCEPTED) {
          keep(bytes);
        }
      } catch (AssertionError | OutOfMemoryError | StackOverflowError e) {
        throw new AssertionError("input " + i + ": " + printable(bytes), e);
      }
    }
    return watch;
  }

  private byte[] base() {
    // every other from a seed: what is damaged often enough is only noise
    return bases.get(random.nextInt(random.nextBoolean() ? seeds : bases.size()));
  }

  private void keep(byte[] bytes) {
    if (bases.size() < MOST_BASES) {
      bases.add(bytes);
    } else {
      bases.set(seeds + random.nextInt(MOST_BASES - seeds), bytes);
    }
  }

  /** As a Java string of one character a byte. */
  private static String printable(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, 2000); i++) {
      int value = bytes[i] & 0xFF;
      text.append(
          value >= ' ' && value <= '~' ? Character.toString(value) : "\\x%02x".formatted(value));
    }
    return bytes.length + " bytes: " + text;
  }
}
