package io.sedd.launcher.scaling;

import io.sedd.launcher.scaling.Delivery.Confirmation;
import io.sedd.launcher.scaling.Delivery.ConsumerGroup;
import io.sedd.launcher.scaling.Delivery.ShareGroup;
import io.sedd.trainer.chart.Curve;
import io.sedd.trainer.chart.CurvePanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.chart.Panel;
import io.sedd.trainer.chart.Scale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code docs/scaling.md} and its picture. */
final class ScalingPage {

  private static final String AXES = "Jobs a second; both axes logarithmic";

  private static final List<Integer> SHOWN = List.of(1, 3, 16, 50, 100, 200, 500, 1000);

  private static final List<Ink> INKS =
      List.of(Ink.NAVY, Ink.ORANGE, Ink.SKY, Ink.RED, Ink.BLUE, Ink.SAND);

  private final long seed;
  private final List<Confirmed> confirmed;
  private final Map<Scenario, List<Outcome>> demo;
  private final Map<Scenario, List<Outcome>> fast;

  /** Simulates everything. */
  ScalingPage(long seed, List<Confirmed> confirmed) {
    this.seed = seed;
    this.confirmed = confirmed;
    this.demo = simulate(Scenario.ofTheDemo());
    this.fast = simulate(Scenario.ofFastDevices());
  }

  private Map<Scenario, List<Outcome>> simulate(List<Scenario> scenarios) {
    Map<Scenario, List<Outcome>> all = new LinkedHashMap<>();
    scenarios.forEach(scenario -> all.put(scenario, scenario.outcomes(seed)));
    return all;
  }

  String markdown(String head) {
    return head.replace("{demo}", table(demo))
        .replace("{fast}", table(fast))
        .replace("{waits}", waits())
        .replace("{joins}", joins())
        .replace("{confirmed}", confirmedTable());
  }

  private static String table(Map<Scenario, List<Outcome>> outcomes) {
    StringBuilder text = new StringBuilder("| group | settings |");
    SHOWN.forEach(count -> text.append(' ').append(count).append(" |"));
    text.append(" knee |\n|---|---|");
    text.append("---:|".repeat(SHOWN.size() + 1)).append('\n');
    outcomes.forEach(
        (scenario, list) -> {
          text.append("| %s | %s |".formatted(scenario.name(), scenario.settings()));
          list.stream()
              .filter(outcome -> SHOWN.contains(outcome.workers()))
              .forEach(outcome -> text.append(' ').append(rate(outcome)).append(" |"));
          int knee = Scenario.knee(list);
          text.append(knee == 1000 ? " none |\n" : " %d |\n".formatted(knee));
        });
    return text.toString().stripTrailing();
  }

  private static String rate(Outcome outcome) {
    return String.format(
        Locale.ROOT, outcome.jobsPerSecond() < 100 ? "%.1f" : "%,.0f", outcome.jobsPerSecond());
  }

  /** Four and sixteen workers at 80 % of what they can do, with equal and with uneven jobs. */
  private String waits() {
    StringBuilder text =
        new StringBuilder(
            "| workers | jobs | consumer group, 16 partitions | share group |\n"
                + "|---:|---|---:|---:|\n");
    JobMix uneven = new JobMix("half of them 16 times the others", Measured.DEMO.seconds(), 16);
    for (int workers : List.of(4, 16)) {
      for (JobMix mix : List.of(JobMix.equal("equal", Measured.DEMO.seconds()), uneven)) {
        double arrivals = 0.8 * workers / mix.seconds();
        text.append(
            String.format(
                Locale.ROOT,
                "| %d | %s | %.1f s | %.1f s |\n",
                workers,
                mix.name(),
                time(new ConsumerGroup(16, Measured.TRANSACTION), mix, workers, arrivals),
                time(
                    new ShareGroup(16, 4, 200, 2000, Measured.ACKNOWLEDGEMENT),
                    mix,
                    workers,
                    arrivals)));
      }
    }
    return text.toString().stripTrailing();
  }

  private double time(Delivery delivery, JobMix mix, int workers, double arrivals) {
    return Simulation.arriving(
            delivery, mix, Measured.DEMO_SPEED, workers, arrivals, 20_000.0 / workers, seed)
        .meanTime();
  }

  private static String joins() {
    double heartbeat = BrokerSettings.DEFAULTS.heartbeatSeconds();
    double planning = BrokerSettings.DEFAULTS.planningSeconds();
    JoinTime consumer = new JoinTime(heartbeat, planning, 20);
    JoinTime share = new JoinTime(heartbeat, planning, 0);
    return String.format(
        Locale.ROOT,
        "| group | mean | at worst |\n|---|---:|---:|\n"
            + "| consumer group, `delivery.drainLimit` 20 s | %.1f s | %.0f s |\n"
            + "| share group | %.1f s | %.0f s |",
        consumer.mean(),
        consumer.worst(),
        share.mean(),
        share.worst());
  }

  private String confirmedTable() {
    StringBuilder text =
        new StringBuilder(
            "| delivery | workers | measured jobs/s | simulated | measured / simulated |\n"
                + "|---|---:|---:|---:|---:|\n");
    confirmed.forEach(
        row ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %.0f | %.0f | %.2f |\n",
                    row.mode(),
                    row.workers(),
                    row.measured(),
                    row.simulated(),
                    row.measured() / row.simulated())));
    return text.toString().stripTrailing();
  }

  Page picture() {
    Confirmation transaction = Measured.TRANSACTION;
    return new Page(
        "Workers on one topic",
        List.of(
            "Simulated, with the costs of one machine of two cores: jobs a second over workers, as"
                + " many jobs as they can take",
            String.format(
                Locale.ROOT,
                "a transaction %.1f ms, an acknowledgement %.1f ms; a job of the demo %.2f s of a"
                    + " worker",
                1000 * transaction.seconds(),
                1000 * Measured.ACKNOWLEDGEMENT.seconds(),
                Measured.DEMO.seconds())),
        panel("Demo jobs, consumer group", AXES, demo, "consumer group"),
        panel(
            "Demo jobs, share group",
            "Jobs a second; otherwise 1 lane, size 1,000 and 2,000 locks",
            demo,
            "share group"),
        panel("A hundredth of the work: brokers are the limit", AXES, fast, ""));
  }

  private static Optional<Panel> panel(
      String title, String explanation, Map<Scenario, List<Outcome>> outcomes, String name) {
    List<Curve> curves = new ArrayList<>();
    outcomes.forEach(
        (scenario, list) -> {
          if (scenario.name().startsWith(name)) {
            curves.add(
                new Curve(
                    label(scenario, name.isEmpty()),
                    INKS.get(curves.size()),
                    list.stream()
                        .map(o -> new Curve.Point(o.workers(), o.jobsPerSecond(), false))
                        .toList()));
          }
        });
    return Optional.of(
        new CurvePanel(
            title, explanation, "workers", Scale.LOGARITHMIC, Scale.LOGARITHMIC, curves));
  }

  /** Short: it stands at the end of a curve. */
  private static String label(Scenario scenario, boolean named) {
    Delivery delivery = scenario.delivery();
    String brokers =
        scenario.settings().contains("brokers")
            ? scenario.settings().replaceFirst(".*, (\\d+ brokers)$", ", $1")
            : "";
    return switch (delivery) {
          case ConsumerGroup group -> (named ? "consumers " : "") + group.partitions() + " part.";
          case ShareGroup group ->
              named
                  ? "share"
                  : group.partitions()
                      + " part."
                      + (group.lanes() == 1 ? "" : ", " + group.lanes() + " lanes")
                      + (group.mostMembers() == 1000
                          ? ""
                          : ", %,d members".formatted(group.mostMembers()))
                      + (group.locks() == BrokerSettings.DEFAULTS.recordLocks()
                          ? ""
                          : ", %,d locks".formatted(group.locks()));
        }
        + brokers;
  }
}
