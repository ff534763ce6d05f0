package io.sedd.launcher.scaling;

import io.sedd.launcher.scaling.Delivery.Confirmation;

/**
 * What was measured on two cores of an AMD EPYC with AVX2, broker, client and worker on the same
 * cores: so the broker's own costs are smaller than these. Sources: the README's figures of {@code
 * OverheadBenchmark} (jobs a second from a backlog, time added to a lone job) and of {@code ./sedd
 * bench} (tokens a second of the demo's model, 64 steps), and records sent one at a time.
 */
final class Measured {

  /** 128 tokens of 64 steps on average; 227 tokens a second in a batch of 32. */
  static final JobMix DEMO = new JobMix("128 tokens, 26 or 102 steps", 128.0 / 227, 4);

  /** 165, 219 and 227 tokens a second in batches of 1, 8 and 32. */
  static final Speed DEMO_SPEED =
      new Speed(new int[] {1, 8, 32}, new double[] {165.0 / 227, 219.0 / 227, 1});

  /** 13,153 jobs a second in large transactions; 5.2 ms for a lone one; some 480 alone a second. */
  static final Confirmation TRANSACTION = new Confirmation(0.0052, 1 / 480.0, 1 / 13_153.0);

  /** 3,599 jobs a second in a backlog; 3.6 ms for a lone one; some 650 alone a second. */
  static final Confirmation ACKNOWLEDGEMENT = new Confirmation(0.0036, 1 / 650.0, 1 / 3_599.0);

  private Measured() {}

  /** The same on so many brokers, which share the partitions evenly. */
  static Confirmation onBrokers(Confirmation one, int brokers) {
    return new Confirmation(one.seconds(), one.perConfirmation() / brokers, one.perJob() / brokers);
  }
}
