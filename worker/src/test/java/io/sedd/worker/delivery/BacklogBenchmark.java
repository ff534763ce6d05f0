package io.sedd.worker.delivery;

import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import java.nio.file.Files;
import java.util.Map;

/**
 * The heap of a worker with a large backlog in front of it: used heap after a collection with the
 * worker idle, with the whole backlog waiting, and half way through it, and the rate. The broker is
 * in the same process, and its own heap does not depend on the backlog.
 *
 * <p>Run: {@code java -Xmx512m -cp <test class path> io.sedd.worker.delivery.BacklogBenchmark [jobs
 * [mode]]}. Absent: 1000000 jobs, EXACTLY_ONCE.
 */
public final class BacklogBenchmark {

  private BacklogBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    Mode mode = arguments.length > 1 ? Mode.valueOf(arguments[1]) : Mode.EXACTLY_ONCE;
    try (EmbeddedBroker broker =
        new EmbeddedBroker(Files.createTempDirectory("sedd-backlog"), Map.of())) {
      broker.start();
      try (KafkaSite site = KafkaSite.on(broker);
          ResultArrivals results = new ResultArrivals(site);
          BenchedWorker worker = new BenchedWorker(site, mode)) {
        mode.prepare(site);
        worker.start();
        BacklogSender.send(site, 1000);
        results.await(1000);
        tell("idle", UsedHeap.afterCollection());
        worker.stop();
        BacklogSender.send(site, jobs);
        tell(jobs + " jobs sent, none taken", UsedHeap.afterCollection());
        try (BenchedWorker second = new BenchedWorker(site, mode)) {
          second.start();
          double first = results.await(jobs / 2);
          tell("half way", UsedHeap.afterCollection());
          double rest = results.await(jobs - jobs / 2);
          tell("done", UsedHeap.afterCollection());
          System.out.printf("%.0f jobs/s in the first half, %.0f in the second%n", first, rest);
        }
      }
    }
    System.exit(0);
  }

  private static void tell(String when, long bytes) {
    System.out.printf("%-40s %6.1f MiB of heap in use%n", when, bytes / 1048576.0);
  }
}
