package io.sedd.worker.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Jobs of every kind under faults of every kind for a time; then everything is mended, the workers
 * drain, and every record is accounted for. See {@code deploy/soak.sh}.
 */
@Command(
    name = "deploy/soak.sh",
    mixinStandardHelpOptions = true,
    description = "Runs workers under random faults and accounts for every job.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every job is accounted for", "1:some are not", "2:wrong usage"})
public final class Soak implements Callable<Integer> {

  @Option(names = "--minutes", defaultValue = "10", description = "How long faults go on.")
  private double minutes;

  @Option(names = "--seed", defaultValue = "1", description = "Chooses faults and jobs.")
  private long seed;

  @Option(names = "--mode", defaultValue = "exactly-once", description = "Or share-group.")
  private String modeKey;

  @Option(names = "--workers", defaultValue = "2", description = "Processes at a time.")
  private int workers;

  @Option(
      names = "--faults",
      split = ",",
      description = "Only these, of ${COMPLETION-CANDIDATES}; all of them if absent.")
  private List<SoakFaults.Kind> kinds = List.of(SoakFaults.Kind.values());

  @Option(
      names = "--folder",
      description = "For records and logs; kept. A temporary one if absent.")
  private Path folder;

  /** More than that is not open at a time, so that draining ends soon. */
  private static final int MOST_OPEN = 400;

  private static final int FAULT_MILLIS = 6000;

  /** Exits with the command's code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Soak()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path root = folder == null ? Files.createTempDirectory("sedd-soak") : folder;
    Mode mode = Mode.of(modeKey);
    SoakReport report;
    try (BrokerProcess broker =
            new BrokerProcess(root.resolve("broker"), workers, new FreePorts());
        FaultSite site =
            new FaultSite(broker, mode, Files.createDirectories(root.resolve("site")));
        Operator operator = new Operator(site.kafka())) {
      report = run(broker, site, operator, mode);
    } catch (AssertionError e) {
      System.out.println("soak: " + e.getMessage() + "\nlogs lie in " + root);
      return 1;
    }
    System.out.println(report.print());
    if (!report.audit().problems().isEmpty()) {
      System.out.println("soak: not every record is accounted for; logs lie in " + root);
      return 1;
    }
    return 0;
  }

  private SoakReport run(BrokerProcess broker, FaultSite site, Operator operator, Mode mode)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    SoakLoad load = new SoakLoad(site, random.split());
    List<String> jvm = new ArrayList<>(FaultyProvider.option("stepMillis", 4));
    jvm.addAll(FaultyProvider.option("haltAt", SoakLoad.DEADLY_TOKEN));
    jvm.addAll(FaultyProvider.option("failEvery", 301));
    SoakFaults faults = new SoakFaults(site, broker, workers, jvm, kinds, random.split());

    long begin = System.nanoTime();
    long end = begin + Duration.ofMillis((long) (60_000 * minutes)).toNanos();
    long nextFault = begin + millis(random);
    long nextDeadly = begin + millis(random);
    while (System.nanoTime() - end < 0) {
      if (site.ledger().open() < MOST_OPEN) {
        load.send(20 + random.nextInt(40));
      }
      if (System.nanoTime() - nextDeadly > 0) {
        load.sendDeadly();
        nextDeadly += Duration.ofMinutes(2).toNanos();
      }
      site.listen();
      faults.mend();
      operator.look();
      if (System.nanoTime() - nextFault > 0) {
        faults.strike();
        nextFault = System.nanoTime() + millis(random);
      }
    }
    while (!faults.mended()) {
      site.listen();
      faults.mend();
    }
    site.awaitSettled(
        () -> {
          try {
            faults.mend();
            operator.look();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new SoakReport(
        mode,
        seed,
        workers,
        seconds,
        site.audit(),
        faults.counts(),
        faults.starts(),
        faults.endedByJobs(),
        operator.aborted(),
        site.said("has all of them divided anew"));
  }

  private static long millis(SplittableRandom random) {
    return Duration.ofMillis(1000 + random.nextInt(FAULT_MILLIS)).toNanos();
  }
}
