package io.sedd.launcher.scaling;

import io.sedd.launcher.scaling.Delivery.ConsumerGroup;
import io.sedd.launcher.scaling.Delivery.ShareGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to deliver, on ever more workers.
 *
 * @param name for tables
 * @param settings that matter in it
 */
record Scenario(String name, String settings, Delivery delivery, JobMix mix, Speed speed) {

  static final List<Integer> WORKERS =
      List.of(1, 2, 3, 8, 16, 32, 50, 64, 100, 128, 200, 320, 500, 1000);

  /** A worker of which the next ones add less than this share of their own speed is a knee. */
  private static final double WORTH = 0.9;

  /** The demo's jobs on workers like this machine. */
  static List<Scenario> ofTheDemo() {
    List<Scenario> all = new ArrayList<>();
    for (int partitions : List.of(16, 128, 1024)) {
      all.add(consumers(partitions, 1, Measured.DEMO));
    }
    all.add(consumers(1024, 3, Measured.DEMO));
    all.add(shares(16, 4, BrokerSettings.DEFAULTS, 1, Measured.DEMO));
    all.add(shares(16, 1, BrokerSettings.DEFAULTS, 1, Measured.DEMO));
    all.add(shares(4, 1, settings(1000, 2000), 1, Measured.DEMO));
    all.add(shares(4, 1, settings(1000, 10_000), 1, Measured.DEMO));
    all.add(shares(16, 1, settings(1000, 2000), 3, Measured.DEMO));
    return all;
  }

  /** Jobs of a hundredth of the work, as on devices a hundred times as fast. */
  static List<Scenario> ofFastDevices() {
    JobMix mix =
        new JobMix(
            "a hundredth of the demo's work",
            Measured.DEMO.seconds() / 100,
            Measured.DEMO.spread());
    return List.of(
        consumers(1024, 1, mix),
        consumers(1024, 6, mix),
        shares(64, 1, settings(1000, 10_000), 1, mix),
        shares(64, 1, settings(1000, 10_000), 6, mix));
  }

  private static BrokerSettings settings(int members, int locks) {
    return new BrokerSettings(members, locks, 2000, 5, 1);
  }

  private static Scenario consumers(int partitions, int brokers, JobMix mix) {
    return new Scenario(
        "consumer group",
        partitions + " partitions" + on(brokers),
        new ConsumerGroup(partitions, Measured.onBrokers(Measured.TRANSACTION, brokers)),
        mix,
        Measured.DEMO_SPEED);
  }

  private static Scenario shares(
      int partitions, int lanes, BrokerSettings settings, int brokers, JobMix mix) {
    return new Scenario(
        "share group",
        "%d partitions, %d %s, group.share.max.size %d, %,d locks"
                .formatted(
                    partitions,
                    lanes,
                    lanes == 1 ? "lane" : "lanes",
                    settings.shareGroupMembers(),
                    settings.recordLocks())
            + on(brokers),
        new ShareGroup(
            partitions,
            lanes,
            settings.shareGroupMembers(),
            settings.recordLocks(),
            Measured.onBrokers(Measured.ACKNOWLEDGEMENT, brokers)),
        mix,
        Measured.DEMO_SPEED);
  }

  private static String on(int brokers) {
    return brokers == 1 ? "" : ", " + brokers + " brokers";
  }

  /** The number of workers against jobs a second, with as many jobs as they can take. */
  List<Outcome> outcomes(long seed) {
    // 10 jobs of each slot, the first 5 not counted
    double seconds = Math.max(20, 10 * speed.most() * mix.seconds());
    return WORKERS.stream()
        .map(count -> Simulation.saturated(delivery, mix, speed, count, seconds, seed))
        .toList();
  }

  /** The most workers that all are worth having. */
  static int knee(List<Outcome> outcomes) {
    double one = outcomes.getFirst().jobsPerSecond();
    int knee = 1;
    for (Outcome outcome : outcomes) {
      if (outcome.jobsPerSecond() < WORTH * one * outcome.workers()) {
        return knee;
      }
      knee = outcome.workers();
    }
    return knee;
  }
}
