package io.sedd.launcher.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Medians of repeated work. Several pieces of work are done in turn, round after round and each
 * other round backwards, so that what the machine does meanwhile hits all of them alike.
 *
 * @param nanos the clock, as {@link System#nanoTime}
 * @param rounds at least so many are counted
 * @param seconds short work is repeated for at least so long, and before that warmed up for a third
 *     of it
 */
record Stopwatch(LongSupplier nanos, int rounds, double seconds) {

  /** More repetitions make a median no better. */
  private static final int MOST_ROUNDS = 1000;

  /** Seconds of each piece of work, in their order. */
  double[] medians(List<Runnable> works) {
    return Arrays.stream(times(works)).mapToDouble(Stopwatch::median).toArray();
  }

  /** Seconds of every counted repetition of each piece of work; those of the warm-up are not. */
  double[][] times(List<Runnable> works) {
    repeat(works, 1, seconds / 3);
    return repeat(works, rounds, seconds);
  }

  /** Seconds of one piece of work. */
  double median(Runnable work) {
    return medians(List.of(work))[0];
  }

  /** Seconds of doing it once, without a warm-up. */
  double once(Runnable work) {
    long begin = nanos.getAsLong();
    work.run();
    return (nanos.getAsLong() - begin) / 1e9;
  }

  private double[][] repeat(List<Runnable> works, int atLeast, double atLeastSeconds) {
    double[][] times = new double[works.size()][MOST_ROUNDS];
    double spent = 0;
    int round = 0;
    while (round < MOST_ROUNDS && (round < atLeast || spent < atLeastSeconds)) {
      for (int i = 0; i < works.size(); i++) {
        int next = round % 2 == 0 ? i : works.size() - 1 - i;
        times[next][round] = once(works.get(next));
        spent += times[next][round];
      }
      round++;
    }
    int counted = round;
    return Arrays.stream(times)
        .map(ofWork -> Arrays.copyOf(ofWork, counted))
        .toArray(double[][]::new);
  }

  /** The middle one, or the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
