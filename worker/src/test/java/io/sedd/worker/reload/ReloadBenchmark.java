package io.sedd.worker.reload;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.canary.CanarySettings;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Step times of a full batch while checkpoints are reloaded under it, and the process's memory
 * after each reload: {@code ReloadBenchmark CHECKPOINTS ROWS RELOADS}. The folder has two
 * checkpoints at least; it is copied. A step's time is that between two turns of the loop.
 */
public final class ReloadBenchmark {

  /** The last steps of a job are cheaper: jobs of one length would stay in phase for ever. */
  private static final int LEAST_STEPS = 32;

  private static final int MORE_STEPS = 65;

  private static final Duration PAUSE = Duration.ofSeconds(3);

  /** Until a process of two cores has compiled what a step and a reload call. */
  private static final Duration WARM_UP = Duration.ofMinutes(1);

  private static final int REHEARSALS = 4;

  private record Span(long begin, long end) {
    boolean meets(Span other) {
      return begin < other.end && other.begin < end;
    }

    double millis() {
      return (end - begin) / 1e6;
    }
  }

  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Clock clock = Clock.systemUTC();
  private final AtomicLong given = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong notCompleted = new AtomicLong();
  private final ConcurrentLinkedQueue<Span> turns = new ConcurrentLinkedQueue<>();
  private final int length;
  private final JobScheduler scheduler;
  private volatile boolean stopping;

  private ReloadBenchmark(int rows, int length) {
    this.length = length;
    this.scheduler =
        new JobScheduler(
            new QueueSettings(
                1 << 30, 1 << 30, Duration.ofHours(1), new RetryPolicy(3, Duration.ZERO)),
            rows,
            (_, settlement) -> settled(settlement),
            new Results("bench"),
            metrics,
            clock);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = copy(Path.of(arguments[0]));
    int rows = Integer.parseInt(arguments[1]);
    int reloads = Integer.parseInt(arguments[2]);
    FileSystemCheckpointStore store = new FileSystemCheckpointStore(folder);
    int length = store.open(store.list().getFirst()).config().model().length();
    int threads = Runtime.getRuntime().availableProcessors();
    try (Backend backend = Backends.open(Optional.of("nd4j"), new BackendOptions(threads, 0))) {
      System.out.println(backend.description());
      new ReloadBenchmark(rows, length).run(store, backend, rows, reloads);
    }
  }

  private void run(FileSystemCheckpointStore store, Backend backend, int rows, int reloads)
      throws Exception {
    List<String> names = store.list();
    Device device = new Device(0, 0, backend);
    CheckpointRack rack = new CheckpointRack(1);
    DenoisingLoop loop =
        new DenoisingLoop(
            device,
            new DenoisingSettings(rows, Duration.ZERO),
            scheduler,
            rack,
            new Results("bench"),
            _ -> {},
            metrics,
            clock,
            Throwable::printStackTrace);
    Thread denoising = Thread.ofPlatform().name("denoising").start(loop);
    ReloadSettings settings =
        new ReloadSettings(
            "bench",
            Duration.ofMillis(50),
            Optional.empty(),
            new CanarySettings(0, Duration.ZERO, 2, 0.001, 0, 0));
    Reloading reloading =
        new Reloading(
            store,
            settings,
            new CheckpointLoader(List.of(device), rows),
            rack,
            new ReloadMetrics(metrics),
            clock);
    try (CheckpointWatcher watcher = new CheckpointWatcher(reloading, settings.interval())) {
      watcher.first().get();
      for (int i = 0; i < 2 * rows / length; i++) {
        give();
      }
      Thread sampler = Thread.ofPlatform().start(() -> sample(loop));
      pause(WARM_UP);
      for (int n = 0; n < REHEARSALS; n++) {
        var _ = reload(other(names, watcher), store, watcher);
        pause(PAUSE);
      }
      residentBytes(); // the heap of the warm-up goes back to the system
      pause(PAUSE);
      List<Long> memory = new ArrayList<>(List.of(residentBytes()));
      turns.clear();
      List<Span> spans = new ArrayList<>();
      for (int n = 0; n < reloads; n++) {
        pause(PAUSE.dividedBy(2));
        spans.add(reload(other(names, watcher), store, watcher));
        pause(PAUSE.dividedBy(2)); // the old lanes end
        memory.add(residentBytes());
      }
      stopping = true;
      sampler.join();
      report(spans, memory);
    }
    loop.stop();
    denoising.join();
  }

  private static String other(List<String> names, CheckpointWatcher watcher) {
    return names.stream()
        .filter(name -> !watcher.status().serving().equals(Optional.of(name)))
        .findFirst()
        .orElseThrow();
  }

  private static Span reload(
      String name, FileSystemCheckpointStore store, CheckpointWatcher watcher) throws IOException {
    long begin = System.nanoTime();
    store.makeLatest(name);
    while (!watcher.status().serving().equals(Optional.of(name))) {
      pause(Duration.ofMillis(1));
    }
    return new Span(begin, System.nanoTime());
  }

  private void give() {
    long n = given.getAndIncrement();
    Instant now = clock.instant();
    scheduler.accept(
        new Delivery(
            new RecordPosition(0, n, 1),
            Jobs.withSteps(
                JobDefaults.job("job-" + n, List.of(new Segment.Blank(length))),
                LEAST_STEPS + (int) (n * 37 % MORE_STEPS)),
            9,
            1,
            now,
            now));
    scheduler.start(scheduler.claim());
  }

  private void settled(Settlement settlement) {
    ended.incrementAndGet();
    if (!(settlement instanceof Settlement.Ended(var result, _)
        && result.outcome() == Outcome.COMPLETED)) {
      notCompleted.incrementAndGet();
    }
    if (!stopping) {
      give();
    }
  }

  /** Where in a reload its slowest step lay. */
  private static void slowest(Span reload, List<Span> turns) {
    turns.stream()
        .filter(reload::meets)
        .max(Comparator.comparing(Span::millis))
        .ifPresent(
            turn ->
                System.out.printf(
                    "reload of %.0f ms: slowest step %.1f ms, from %.0f ms on%n",
                    reload.millis(), turn.millis(), (turn.begin() - reload.begin()) / 1e6));
  }

  /** Sees every turn that takes more than its own pause of a millisecond. */
  private void sample(DenoisingLoop loop) {
    Instant last = loop.lastTurn();
    long began = System.nanoTime();
    while (!stopping) {
      Instant turn = loop.lastTurn();
      if (!turn.equals(last)) {
        long nanos = Duration.between(last, turn).toNanos();
        began = System.nanoTime();
        turns.add(new Span(began - nanos, began));
        last = turn;
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void report(List<Span> reloads, List<Long> memory) {
    List<Span> all = List.copyOf(turns);
    double[] quiet = millis(all.stream().filter(t -> reloads.stream().noneMatch(t::meets)));
    double[] during = millis(all.stream().filter(t -> reloads.stream().anyMatch(t::meets)));
    System.out.printf(
        "%-18s %6s %10s %8s %9s %14s %12s%n",
        "steps", "number", "median ms", "99 % ms", "worst ms", "worst/median", "over twice");
    row("between reloads", quiet, quiet);
    row("during reloads", during, quiet);
    reloads.forEach(reload -> slowest(reload, all));
    double[] loading = millis(reloads.stream());
    System.out.printf(
        "%d reloads, %.0f ms at the median, %.0f at most%n",
        loading.length, loading[loading.length / 2], loading[loading.length - 1]);
    System.out.printf(
        "jobs: %d ended, %d of them not completed%n", ended.get(), notCompleted.get());
    System.out.print("resident MB before and after each reload:");
    memory.forEach(bytes -> System.out.printf(" %d", bytes >> 20));
    System.out.printf("%nlast over first: %.3f%n", memory.getLast() / (double) memory.getFirst());
  }

  private static void row(String name, double[] sorted, double[] reference) {
    double median = reference[reference.length / 2];
    double worst = sorted[sorted.length - 1];
    System.out.printf(
        "%-18s %6d %10.1f %8.1f %9.1f %14.2f %12d%n",
        name,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (0.99 * (sorted.length - 1))],
        worst,
        worst / median,
        Arrays.stream(sorted).filter(ms -> ms > 2 * median).count());
  }

  private static double[] millis(Stream<Span> spans) {
    double[] millis = spans.mapToDouble(Span::millis).toArray();
    Arrays.sort(millis);
    return millis;
  }

  private static long residentBytes() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  private static Path copy(Path from) throws IOException {
    Path to = Files.createTempDirectory("reload-benchmark");
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    return to;
  }
}
