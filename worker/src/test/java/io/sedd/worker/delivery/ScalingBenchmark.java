package io.sedd.worker.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.GroupType;
import org.awaitility.Awaitility;

/**
 * One, two and three workers on one topic of four partitions, in both delivery modes: jobs a second
 * while every partition has jobs. A step takes {@value #STEP_MILLIS} ms of waiting and no processor
 * time, as on a device of the worker's own, so that workers do not stand in each other's way here.
 * The broker is in the same process.
 *
 * <p>Run: {@code java -cp <test class path> io.sedd.worker.delivery.ScalingBenchmark FILE}; writes
 * lines of mode, workers, jobs a second.
 */
public final class ScalingBenchmark {

  private static final int STEP_MILLIS = 5;
  private static final int STEPS = 8;
  private static final int JOBS = 1500;

  private ScalingBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<String> lines = new ArrayList<>(List.of("mode,workers,jobsPerSecond"));
    try (EmbeddedBroker broker =
        new EmbeddedBroker(
            Files.createTempDirectory("sedd-scaling"),
            Map.of(
                "group.share.min.heartbeat.interval.ms", "100",
                "group.share.heartbeat.interval.ms", "300"))) {
      broker.start();
      // compiles the code
      measure(broker, Mode.EXACTLY_ONCE, 1);
      for (Mode mode : Mode.values()) {
        for (int workers = 1; workers <= 3; workers++) {
          String line =
              String.format(
                  Locale.ROOT,
                  "%s,%d,%.1f",
                  mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                  workers,
                  measure(broker, mode, workers));
          System.out.println(line);
          lines.add(line);
        }
      }
    }
    if (arguments.length > 0) {
      Files.write(Path.of(arguments[0]), lines);
    }
    System.exit(0);
  }

  private static double measure(EmbeddedBroker broker, Mode mode, int count) throws Exception {
    try (KafkaSite site = KafkaSite.on(broker);
        ResultArrivals results = new ResultArrivals(site)) {
      mode.prepare(site);
      List<BenchedWorker> workers = new ArrayList<>();
      try {
        for (int i = 0; i < count; i++) {
          BenchedWorker worker = new BenchedWorker(site, mode, "bench-" + i, STEP_MILLIS);
          workers.add(worker);
          worker.start();
        }
        GroupType type = mode == Mode.SHARE_GROUP ? GroupType.SHARE : GroupType.CONSUMER;
        int members = mode == Mode.SHARE_GROUP ? count * BenchedWorker.LANES : count;
        // an error before the group is there
        Awaitility.await()
            .atMost(KafkaSite.LIMIT)
            .untilAsserted(() -> assertEquals(members, site.members(type)));
        // lets the last member have its partitions
        site.send(jobs("warm-up", count * JOBS / 3));
        results.await(count * JOBS / 3);
        site.send(jobs("measured", count * JOBS));
        double rate = results.await(count * JOBS / 2);
        results.await(count * JOBS - count * JOBS / 2);
        return rate;
      } finally {
        for (BenchedWorker worker : workers) {
          worker.close();
        }
      }
    }
  }

  private static List<io.sedd.protocol.job.GenerationJob> jobs(String name, int count) {
    return Jobs.jobs(name, count).stream().map(job -> Jobs.withSteps(job, STEPS)).toList();
  }
}
