package io.sedd.worker.denoising;

import static io.sedd.worker.denoising.LoopUnderTest.waiting;
import static io.sedd.worker.denoising.LoopUnderTest.withText;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two devices that are fed from one queue, on a network of no work. */
class SeveralDevicesTest {

  private static final int MANY = 1 << 20;

  /** One device: takes a step when the test allows it, and tells what it was given. */
  private static final class Gate implements Consumer<NetworkInput> {

    private final Semaphore allowed = new Semaphore(0);
    private volatile Set<Character> letters = Set.of();

    @Override
    public void accept(NetworkInput input) {
      Set<Character> now = new HashSet<>();
      for (int s = 0; s < input.layout().sequences(); s++) {
        now.add((char) input.tokens()[input.layout().start(s)]);
      }
      letters = now;
      allowed.acquireUninterruptibly();
    }

    void awaitStep() {
      waiting().until(allowed::hasQueuedThreads);
    }

    /** Takes a step; returns when the next one has begun. */
    void step() {
      allowed.release();
      waiting().until(() -> allowed.availablePermits() == 0 && allowed.hasQueuedThreads());
    }

    void open() {
      allowed.release(MANY);
    }
  }

  private final Gate zero = new Gate();
  private final Gate one = new Gate();
  private final LoopUnderTest worker = new LoopUnderTest(List.of(zero, one));

  @AfterEach
  void stop() {
    worker.loops.forEach(DenoisingLoop::stop);
    zero.open();
    one.open();
    worker.close();
  }

  /** A job that runs until it is stopped, on the device that has nothing to do. */
  private void runEndless(String letter) {
    worker.take(Jobs.withSteps(withText(letter, letter), 4096));
  }

  private Gate deviceOf(String letter) {
    return zero.letters.contains(letter.charAt(0)) ? zero : one;
  }

  private void runOneOnEach() {
    runEndless("a");
    waiting().until(() -> zero.allowed.hasQueuedThreads() || one.allowed.hasQueuedThreads());
    runEndless("b");
    zero.awaitStep();
    one.awaitStep();
    assertEquals(1, zero.letters.size());
    assertEquals(1, one.letters.size());
    assertFalse(zero.letters.equals(one.letters));
  }

  @Test
  void aJobIsCancelledWithinOneStepOnWhicheverDeviceItRuns() {
    runOneOnEach();
    for (String letter : List.of("a", "b")) {
      worker.scheduler.cancel(letter, worker.clock.instant());
      deviceOf(letter).allowed.release();
      GenerationResult result = worker.awaitEnd(letter);
      assertEquals(Outcome.CANCELLED, result.outcome());
      assertTrue(result.steps() <= 1, () -> result.steps() + " steps");
    }
    assertEquals(2, worker.ended.size());
  }

  @Test
  void aDeadlineIsKeptOnEitherDevice() {
    GenerationJob late = Jobs.withSteps(withText("a", "a"), 4096);
    worker.take(Jobs.withDeadline(late, worker.clock.instant().plusSeconds(9)));
    waiting().until(() -> zero.allowed.hasQueuedThreads() || one.allowed.hasQueuedThreads());
    runEndless("b");
    zero.awaitStep();
    one.awaitStep();
    worker.clock.advance(Duration.ofSeconds(9));
    deviceOf("b").step();
    deviceOf("a").allowed.release();
    assertEquals(Outcome.EXPIRED, worker.awaitEnd("a").outcome());
    assertFalse(worker.ended.containsKey("b"));
  }

  @Test
  void afterTheFirstJobOnANewCheckpointNoDeviceBeginsOneOnTheOld() {
    List<String> freed = new CopyOnWriteArrayList<>();
    AtomicInteger copies = new AtomicInteger();
    worker.rack.serve(worker.checkpoint("old", () -> freed.add("old " + copies.getAndIncrement())));
    runOneOnEach();
    Gate busy = deviceOf("a");
    Gate other = deviceOf("b");
    worker.scheduler.cancel("b", worker.clock.instant());
    other.allowed.release();
    worker.awaitEnd("b");
    assertEquals(List.of(), freed);
    worker.rack.serve(worker.checkpoint("new", () -> {}));
    // the idle device's copy goes at once, that of the device with a running job stays
    assertEquals(1, freed.size());
    other.open();
    worker.take(withText("c", "c"));
    assertEquals("new", worker.awaitEnd("c").checkpoint().orElseThrow().name());
    Set<String> later = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      worker.take(withText("d" + i, "d"));
      later.add("d" + i);
    }
    busy.open();
    later.forEach(
        id -> assertEquals("new", worker.awaitEnd(id).checkpoint().orElseThrow().name(), id));
    assertEquals("old", worker.awaitEnd("a").checkpoint().orElseThrow().name());
    waiting().until(() -> freed.size() == 2);
    assertEquals(1, worker.rack.size());
  }

  @Test
  void aStepThatDoesNotReturnIsToldWithItsDevice() {
    AtomicReference<Throwable> told = new AtomicReference<>();
    DenoisingLoop second = worker.loops.get(1);
    try (StepWatchdog _ =
        new StepWatchdog(second, Duration.ofMinutes(1), worker.clock, told::set)) {
      runOneOnEach();
      worker.clock.advance(Duration.ofMinutes(2));
      waiting().until(() -> told.get() instanceof HungStepException);
      assertTrue(told.get().getMessage().contains("device 1"), told.get().getMessage());
    }
    zero.step();
    assertEquals(second, new StepLoops(worker.loops).quietest());
  }

  @Test
  void theNumbersOfADeviceAreItsOwn() {
    runOneOnEach();
    for (int i = 0; i < 3; i++) {
      one.step();
    }
    assertEquals(9, worker.metrics.value(Metric.BATCH_ROWS, "0"));
    assertEquals(9, worker.metrics.value(Metric.BATCH_ROWS, "1"));
    assertEquals(18, worker.metrics.sum(Metric.BATCH_ROWS));
    assertEquals(0, worker.metrics.value(Metric.DENOISE_STEPS, "0"));
    assertEquals(3, worker.metrics.value(Metric.DENOISE_STEPS, "1"));
  }

  // --- texts and faults; these run freely

  private static List<GenerationJob> mixedJobs() {
    return IntStream.range(0, 60)
        .mapToObj(
            i ->
                Jobs.withSamples(
                    Jobs.withSteps(withText("job-" + i, "" + (char) ('a' + i % 26)), 1 + i % 30),
                    1 + i % 3))
        .toList();
  }

  private static Map<String, GenerationResult> run(
      List<GenerationJob> jobs, LoopUnderTest devices) {
    jobs.forEach(devices::take);
    devices.until(() -> devices.ended.size() == jobs.size() || devices.failure.get() != null);
    assertEquals(null, devices.failure.get());
    devices.until(devices.scheduler::idle);
    return Map.copyOf(devices.ended);
  }

  @Test
  void textsDoNotDependOnTheNumberOfDevicesAndAllOfThemWork() {
    Map<String, GenerationResult> expected;
    try (LoopUnderTest single = new LoopUnderTest(_ -> {})) {
      expected = run(mixedJobs(), single);
    }
    Set<Integer> used = ConcurrentHashMap.newKeySet();
    List<Consumer<NetworkInput>> devices =
        List.of(_ -> used.add(0), _ -> used.add(1), _ -> used.add(2));
    try (LoopUnderTest several = new LoopUnderTest(devices)) {
      Map<String, GenerationResult> results = run(mixedJobs(), several);
      assertEquals(expected.keySet(), results.keySet());
      results.forEach((id, r) -> assertEquals(expected.get(id).samples(), r.samples(), id));
      assertEquals(Set.of(0, 1, 2), used);
    }
  }

  @Test
  void aDeviceThatFailsForAWhileHoldsUpItsOwnJobsAloneAndLosesNone() {
    Map<String, GenerationResult> expected;
    try (LoopUnderTest single = new LoopUnderTest(_ -> {})) {
      expected = run(mixedJobs(), single);
    }
    AtomicInteger evaluations = new AtomicInteger();
    Consumer<NetworkInput> ill =
        _ -> {
          int number = evaluations.incrementAndGet();
          if (number > 3 && number < 12) {
            throw new IllegalStateException("out of order, evaluation " + number);
          }
        };
    try (LoopUnderTest several = new LoopUnderTest(List.of(_ -> {}, ill))) {
      Map<String, GenerationResult> results = run(mixedJobs(), several);
      results.forEach((id, r) -> assertEquals(expected.get(id).samples(), r.samples(), id));
      assertTrue(several.metrics.value(Metric.STEP_FAILURES, "1") > 0);
      assertEquals(0, several.metrics.value(Metric.STEP_FAILURES, "0"));
      assertEquals(0, several.metrics.sum(Metric.RETRIES));
    }
  }

  @Test
  void aJobThatCannotBeSteppedIsSetApartOnItsDeviceAndTheOthersNeverNotice() {
    Consumer<NetworkInput> poisoned =
        input -> {
          for (int s = 0; s < input.layout().sequences(); s++) {
            if (input.tokens()[input.layout().start(s)] == '@') {
              throw new IllegalStateException("poison");
            }
          }
        };
    try (LoopUnderTest several = new LoopUnderTest(List.of(poisoned, poisoned))) {
      several.take(withText("poisonous", "@"));
      Map<String, GenerationResult> results;
      List<GenerationJob> jobs = mixedJobs();
      jobs.forEach(several::take);
      several.until(() -> several.ended.size() == jobs.size() + 1);
      results = Map.copyOf(several.ended);
      assertEquals(Set.of("poisonous"), several.deadLetters.keySet());
      jobs.forEach(job -> assertEquals(Outcome.COMPLETED, results.get(job.id()).outcome()));
      assertEquals(
          LoopUnderTest.MAX_ATTEMPTS - 1, several.metrics.value(Metric.RETRIES, "step_failed"));
    }
  }

  @Test
  void aDeviceThatIsLostIsNamedAndItsJobsStayUnsettled() {
    Consumer<NetworkInput> lost =
        _ -> {
          throw new DeviceException.Lost("gone", null);
        };
    try (LoopUnderTest several = new LoopUnderTest(List.of(_ -> {}, lost))) {
      Jobs.jobs("job", 8).forEach(several::take);
      several.until(() -> several.failure.get() != null);
      assertTrue(several.failure.get().getMessage().contains("device 1 is lost"));
      assertFalse(several.scheduler.idle());
    }
  }
}
