package io.sedd.launcher.scaling;

import java.util.random.RandomGenerator;

/**
 * The jobs of a topic.
 *
 * @param name for tables
 * @param seconds work of a job: the time that one worker with a full batch spends on it alone, on
 *     average
 * @param spread 0 for equal jobs; else half of them are so many times the others' work
 */
record JobMix(String name, double seconds, double spread) {

  /** Equal jobs. */
  static JobMix equal(String name, double seconds) {
    return new JobMix(name, seconds, 0);
  }

  /** Work of one job in seconds. */
  double draw(RandomGenerator random) {
    if (spread == 0) {
      return seconds;
    }
    double small = 2 * seconds / (1 + spread);
    return random.nextBoolean() ? small : small * spread;
  }
}
