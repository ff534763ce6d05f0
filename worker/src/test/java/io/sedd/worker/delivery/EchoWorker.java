package io.sedd.worker.delivery;

import static org.awaitility.Awaitility.await;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobLimits;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.intake.Delivery;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.intake.JobSink;
import io.sedd.worker.intake.JobSource;
import io.sedd.worker.intake.RecordPosition;
import io.sedd.worker.intake.SourceState;
import io.sedd.worker.kafka.KafkaClients;
import io.sedd.worker.metrics.WorkerMetrics;
import io.sedd.worker.publishing.JobKind;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.SettlementRecords;
import io.sedd.worker.scheduling.DeviceFeed;
import io.sedd.worker.scheduling.JobFailure;
import io.sedd.worker.scheduling.JobScheduler;
import io.sedd.worker.scheduling.QueueSettings;
import io.sedd.worker.scheduling.ScheduledJob;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Intake and scheduling as they are, with a denoiser that ends every job at once, except those that
 * it is told to hold.
 */
@SuppressWarnings("try") // closing waits for threads and may be interrupted
final class EchoWorker implements AutoCloseable {

  static final int MAX_ATTEMPTS = 3;
  static final int LANES = 2;
  static final long QUEUE_TOKEN_STEPS = 20_000;

  private final WorkerMetrics metrics = new WorkerMetrics();
  private final JobSource source;
  private final JobScheduler scheduler;
  private final Results results;
  private final List<Delivery> started = new CopyOnWriteArrayList<>();
  private final Map<String, ScheduledJob> held = new ConcurrentHashMap<>();
  private final Thread denoiser;
  private final boolean starts;
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Predicate<String> holds;
  private volatile boolean killed;
  private volatile CountDownLatch stall = new CountDownLatch(0);
  private volatile int mostBeside;

  EchoWorker(KafkaSite site, String name, Predicate<String> holds) {
    this(site, name, site.clients(name), holds);
  }

  EchoWorker(KafkaSite site, String name, KafkaClients clients, Predicate<String> holds) {
    this(Mode.EXACTLY_ONCE, site, name, clients, holds);
  }

  EchoWorker(
      Mode mode, KafkaSite site, String name, KafkaClients clients, Predicate<String> holds) {
    this(mode, LANES, site, name, clients, holds);
  }

  EchoWorker(
      Mode mode,
      int lanes,
      KafkaSite site,
      String name,
      KafkaClients clients,
      Predicate<String> holds) {
    this(mode, lanes, site, name, clients, holds, true);
  }

  private EchoWorker(
      Mode mode,
      int lanes,
      KafkaSite site,
      String name,
      KafkaClients clients,
      Predicate<String> holds,
      boolean starts) {
    this.starts = starts;
    this.holds = holds;
    this.results = new Results(name);
    TemplateEncoder encoder = new TemplateEncoder(new ByteTokenizer(), 64, 257);
    source =
        mode.source(
            site,
            clients,
            new JobReader(new JobLimits(10_000), () -> encoder, results),
            new SettlementRecords(site.topics(), results, 1 << 20, Clock.systemUTC()),
            metrics,
            MAX_ATTEMPTS,
            lanes);
    scheduler =
        new JobScheduler(
            new QueueSettings(QUEUE_TOKEN_STEPS, Duration.ofSeconds(30)),
            256,
            source,
            results,
            metrics,
            Clock.systemUTC());
    denoiser = Thread.ofPlatform().name("echo-" + name).start(this::denoise);
    source.start(new MortalSink());
  }

  /** One that takes jobs in and starts none. */
  static EchoWorker reluctant(Mode mode, KafkaSite site, String name) {
    return new EchoWorker(mode, 1, site, name, site.clients(name), _ -> true, false);
  }

  private void denoise() {
    DeviceFeed feed = scheduler.feed();
    try {
      while (true) {
        feed.await(Duration.ofMillis(100));
        feed.poll().ifPresent(this::begin);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(ScheduledJob job) {
    String id = job.delivery().job().id();
    if (job.alone()) {
      mostBeside = Math.max(mostBeside, held.size());
    }
    started.add(job.delivery());
    if (holds.test(id)) {
      held.put(id, job);
    } else {
      finish(job);
    }
  }

  private void finish(ScheduledJob job) {
    scheduler.finish(
        job,
        new Settlement.Ended(
            results.neverStarted(job.delivery().job(), Outcome.COMPLETED, 0),
            JobKind.of(job.delivery().job())));
  }

  /** Every start so far, in order. */
  List<Delivery> started() {
    return started;
  }

  /** How many jobs it has taken in. */
  int accepted() {
    return accepted.get();
  }

  boolean hasStarted(String id) {
    return started.stream().anyMatch(delivery -> delivery.job().id().equals(id));
  }

  /** Most jobs that ran beside one that was to run alone. */
  int mostBesideALoneOne() {
    return mostBeside;
  }

  /** Ends the held jobs and holds no more. */
  void letGo() {
    holds = _ -> false;
    held.values().forEach(this::finish);
    held.clear();
  }

  /** Fails a held job as a step does that may succeed the next time. */
  void fail(String id) {
    ScheduledJob job = held.remove(id);
    JobFailure failure = JobFailure.Retryable.ofStep(new IllegalStateException("injected"));
    scheduler.fail(job, failure, results.failed(job.delivery().job(), failure.error(), 0));
  }

  WorkerMetrics metrics() {
    return metrics;
  }

  SourceState state() {
    return source.state();
  }

  /** Stops its intake's thread where it is, as a long pause of the process would. */
  void stall() {
    stall = new CountDownLatch(1);
  }

  /** Lets the intake's thread go on. */
  void wakeUp() {
    stall.countDown();
  }

  /** Ends it as a crash would: nothing more is committed. */
  void kill() throws InterruptedException {
    killed = true;
    await().atMost(KafkaSite.LIMIT).until(() -> state().phase() == SourceState.Phase.FAILED);
    source.stop(Duration.ZERO);
    denoiser.interrupt();
    denoiser.join();
  }

  /** Ends it as after a fault of its device. */
  void giveUp() throws InterruptedException {
    source.giveUp();
    denoiser.interrupt();
    denoiser.join();
  }

  /** Ends it in an orderly way. */
  void stop(Duration limit) throws InterruptedException {
    source.stop(limit);
    denoiser.interrupt();
    denoiser.join();
  }

  @Override
  public void close() throws InterruptedException {
    stop(Duration.ZERO);
  }

  /** The scheduler, until the worker is killed. */
  private final class MortalSink implements JobSink {

    @Override
    public boolean full() {
      if (killed) {
        throw new IllegalStateException("killed by the test");
      }
      try {
        stall.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return scheduler.full();
    }

    @Override
    public boolean hungry() {
      // lanes of a share group ask no more than this
      return !full() && scheduler.hungry();
    }

    @Override
    public void accept(Delivery delivery) {
      accepted.incrementAndGet();
      scheduler.accept(delivery);
    }

    @Override
    public List<Delivery> claim() {
      if (killed) {
        throw new IllegalStateException("killed by the test");
      }
      return starts ? scheduler.claim() : List.of();
    }

    @Override
    public void start(List<Delivery> claimed) {
      scheduler.start(claimed);
    }

    @Override
    public Set<RecordPosition> withdraw(Predicate<RecordPosition> gone) {
      return scheduler.withdraw(gone);
    }

    @Override
    public void abandon(Predicate<RecordPosition> gone) {
      scheduler.abandon(gone);
    }
  }
}
