package io.sedd.worker.delivery;

import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a job costs beside its network: the whole way from topic to topic, with scores that take no
 * work, one step and eight tokens, in both delivery modes; and, measured in the same run, what the
 * broker's transactions take by themselves. Prints a table and, where a file is named, writes the
 * same figures as JSON. The broker is in the same process unless servers are named, so that its
 * collections of garbage are the worker's as well.
 *
 * <p>Run: {@code java -cp <test class path> io.sedd.worker.delivery.OverheadBenchmark [jobs [lone
 * jobs [JSON file [bootstrap servers]]]]}. Absent: 20000 jobs, 300 lone ones.
 */
public final class OverheadBenchmark {

  private OverheadBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    int lone = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    List<OverheadFigures> all = new ArrayList<>();
    try (EmbeddedBroker broker =
        new EmbeddedBroker(Files.createTempDirectory("sedd-bench"), Map.of())) {
      String servers = arguments.length > 3 ? arguments[3] : started(broker);
      System.out.println(OverheadFigures.HEAD);
      for (Mode mode : Mode.values()) {
        OverheadFigures figures = measure(servers, mode, jobs, lone);
        System.out.println(figures.row());
        all.add(figures);
      }
    }
    if (arguments.length > 2) {
      Files.writeString(Path.of(arguments[2]), OverheadFigures.json(all));
    }
    System.exit(0);
  }

  private static String started(EmbeddedBroker broker) {
    broker.start();
    return broker.bootstrapServers();
  }

  private static OverheadFigures measure(String servers, Mode mode, int jobs, int lone)
      throws Exception {
    try (KafkaSite site = KafkaSite.at(servers)) {
      mode.prepare(site);
      return measure(site, mode, jobs, lone);
    }
  }

  private static OverheadFigures measure(KafkaSite site, Mode mode, int jobs, int lone)
      throws Exception {
    try (ResultArrivals results = new ResultArrivals(site);
        BenchedWorker worker = new BenchedWorker(site, mode)) {
      site.send(BenchedWorker.jobs("warm-up", jobs));
      worker.start();
      results.await(jobs);
      String name = mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
      site.send(BenchedWorker.jobs("warm-up-2", jobs));
      results.await(jobs);
      double stream = streamed(site, results, jobs);
      RoundTrips trips = new RoundTrips(site);
      double[] direct = trips.direct(lone);
      double[] bare =
          mode == Mode.EXACTLY_ONCE ? trips.throughBareTransactions(lone) : new double[0];
      double[] through = trips.throughWorker(lone);
      worker.stop();
      site.send(BenchedWorker.jobs("backlog", jobs));
      try (BenchedWorker second = new BenchedWorker(site, mode)) {
        second.start();
        return new OverheadFigures(
            name, jobs, results.await(jobs), stream, lone, direct, bare, through);
      }
    }
  }

  /** Jobs a second from the first sending to the last result, while they are being sent. */
  private static double streamed(KafkaSite site, ResultArrivals results, int jobs)
      throws Exception {
    var batch = BenchedWorker.jobs("stream", jobs);
    long begin = System.nanoTime();
    Thread sender = Thread.ofPlatform().start(() -> site.send(batch));
    results.await(jobs);
    double seconds = (System.nanoTime() - begin) / 1e9;
    sender.join();
    return jobs / seconds;
  }
}
