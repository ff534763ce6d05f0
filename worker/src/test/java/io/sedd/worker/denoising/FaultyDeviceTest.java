package io.sedd.worker.denoising;

import static io.sedd.worker.denoising.LoopUnderTest.withText;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobError.Code;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.metrics.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The loop on a device that fails: on some jobs, for want of memory, for a moment, for ever. */
class FaultyDeviceTest {

  /** The byte of {@code @}: a sequence that begins with it cannot be stepped. */
  private static final int POISON = 64;

  private static final int ROUNDS = 60;

  /** Any set of poisonous jobs among others, of several samples and steps, come at any time. */
  @Test
  void poisonousJobsBecomeDeadLettersAndTheOthersNeverNotice() {
    for (int seed = 1; seed <= ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<GenerationJob> jobs = new ArrayList<>();
      Set<String> poisonous = new HashSet<>();
      int count = random.nextInt(1, 14);
      double share = random.nextDouble();
      for (int i = 0; i < count; i++) {
        boolean poison = random.nextDouble() < share;
        String id = "job-" + i;
        GenerationJob job = withText(id, poison ? "@" : "a");
        job = Jobs.withSteps(job, random.nextInt(1, 9));
        jobs.add(Jobs.withSamples(job, random.nextInt(1, 4)));
        if (poison) {
          poisonous.add(id);
        }
      }
      // a poisonous job may fail in its first step or only when it has come some way
      double harmless = random.nextBoolean() ? Double.POSITIVE_INFINITY : 0.7;
      check("seed " + seed, jobs, poisonous, harmless);
    }
  }

  private static void check(
      String name, List<GenerationJob> jobs, Set<String> poisonous, double harmlessAbove) {
    Map<String, GenerationResult> expected = run(jobs, _ -> {}).ended;
    Run run = run(jobs, input -> failOnPoison(input, harmlessAbove));
    int deadLetters = 0;
    for (GenerationJob job : jobs) {
      GenerationResult result = run.ended.get(job.id());
      GenerationResult sound = expected.get(job.id());
      if (poisonous.contains(job.id()) && result.outcome() == Outcome.FAILED) {
        deadLetters++;
        assertEquals(Code.DEVICE, run.deadLetters.get(job.id()), name);
      } else {
        assertEquals(Outcome.COMPLETED, result.outcome(), name + " " + job.id());
        assertEquals(sound.samples(), result.samples(), name + " " + job.id());
        assertEquals(sound.networkEvaluations(), result.networkEvaluations(), name);
      }
    }
    // only a job that ended before its harmful steps may be poisonous and complete
    assertTrue(deadLetters == poisonous.size() || harmlessAbove < 1, name);
    int lanes = LoopUnderTest.ROWS / 9;
    // from all lanes down to one, and its second chance
    double path = Math.ceil(Math.log(lanes) / Math.log(2)) + 2;
    assertTrue(
        run.failures <= deadLetters * LoopUnderTest.MAX_ATTEMPTS * path,
        () -> name + ": " + run.failures + " failed evaluations");
    assertEquals((LoopUnderTest.MAX_ATTEMPTS - 1) * deadLetters, run.retries, name);
  }

  private static void failOnPoison(NetworkInput input, double harmlessAbove) {
    for (int s = 0; s < input.layout().sequences(); s++) {
      if (input.tokens()[input.layout().start(s)] == POISON
          && !(input.sigma()[s] > harmlessAbove)) {
        throw new IllegalStateException("poison");
      }
    }
  }

  private record Run(
      Map<String, GenerationResult> ended,
      Map<String, Code> deadLetters,
      int failures,
      int retries) {}

  private static Run run(List<GenerationJob> jobs, Consumer<NetworkInput> beforeStep) {
    try (LoopUnderTest worker = new LoopUnderTest(beforeStep)) {
      jobs.forEach(worker::take);
      worker.until(() -> worker.ended.size() == jobs.size() || worker.failure.get() != null);
      assertEquals(null, worker.failure.get());
      worker.until(worker.scheduler::idle);
      Map<String, Code> letters = new java.util.HashMap<>();
      worker.deadLetters.forEach((id, error) -> letters.put(id, error.code()));
      return new Run(
          Map.copyOf(worker.ended),
          letters,
          (int) worker.metrics.sum(Metric.STEP_FAILURES),
          (int) worker.metrics.value(Metric.RETRIES, "step_failed"));
    }
  }

  @Test
  void aStepThatFailsOnceIsTakenInHalvesAndNoJobIsToBlame() {
    AtomicInteger evaluations = new AtomicInteger();
    Run run =
        run(
            Jobs.jobs("job", 6),
            _ -> {
              if (evaluations.incrementAndGet() == 3) {
                throw new IllegalStateException("once");
              }
            });
    assertTrue(run.ended.values().stream().allMatch(r -> r.outcome() == Outcome.COMPLETED));
    assertEquals(1, run.failures);
    assertEquals(0, run.retries);
  }

  @Test
  void aBatchThatDoesNotFitTheMemoryIsTakenInPieces() {
    List<GenerationJob> jobs =
        Jobs.jobs("job", 7).stream().map(job -> Jobs.withSteps(job, 40)).toList();
    Map<String, GenerationResult> expected = run(jobs, _ -> {}).ended;
    Run run = run(jobs, input -> requireMemory(input, 20));
    for (GenerationJob job : jobs) {
      assertEquals(expected.get(job.id()).samples(), run.ended.get(job.id()).samples());
    }
    // a few to find the capacity, and one or two each time that it has grown back
    assertTrue(run.failures >= 1 && run.failures <= 8, () -> run.failures + " failures");
    assertEquals(0, run.retries);
  }

  @Test
  void aJobThatDoesNotFitTheMemoryAloneIsADeadLetterThatSaysSo() {
    try (LoopUnderTest worker = new LoopUnderTest(input -> requireMemory(input, 8))) {
      worker.take(withText("large", "a"));
      worker.take(Jobs.job("small"));
      assertEquals(Outcome.COMPLETED, worker.awaitEnd("small").outcome());
      String message = worker.awaitEnd("large").error().orElseThrow().message();
      assertTrue(message.contains("memory"), message);
      assertEquals(Code.DEVICE, worker.deadLetters.get("large").code());
      assertEquals(2, worker.metrics.value(Metric.RETRIES, "out_of_memory"));
    }
  }

  private static void requireMemory(NetworkInput input, int rows) {
    if (input.layout().rows() > rows) {
      throw new DeviceException.OutOfMemory(input.layout().rows() + " rows do not fit", null);
    }
  }

  @Test
  void aDeviceThatFailsEveryStepEndsTheLoopAndLeavesTheJobsUnsettled() {
    assertEndsUnsettled(
        new IllegalStateException("broken"), "device 0 is taken for broken: ", 5 * 4);
  }

  @Test
  void aDeviceThatIsLostEndsTheLoopAtOnce() {
    assertEndsUnsettled(new DeviceException.Lost("gone", null), "device 0 is lost: ", 1);
  }

  private static void assertEndsUnsettled(
      RuntimeException fault, String message, int mostFailures) {
    try (LoopUnderTest worker =
        new LoopUnderTest(
            _ -> {
              throw fault;
            })) {
      Jobs.jobs("job", 8).forEach(worker::take);
      worker.until(() -> worker.failure.get() != null);
      assertTrue(worker.failure.get().getMessage().contains(message));
      assertEquals(Map.of(), worker.ended);
      double failures = worker.metrics.sum(Metric.STEP_FAILURES);
      assertTrue(failures <= mostFailures, () -> failures + " failed evaluations");
    }
  }

  @Test
  void aDeviceThatRecoversGoesOnWithTheSameLanes() {
    List<GenerationJob> jobs = Jobs.jobs("job", 6);
    Map<String, GenerationResult> expected = run(jobs, _ -> {}).ended;
    AtomicInteger evaluations = new AtomicInteger();
    Run run =
        run(
            jobs,
            input -> {
              int number = evaluations.incrementAndGet();
              if (number > 2 && number < 10) {
                throw new IllegalStateException("out of order, evaluation " + number);
              }
            });
    for (GenerationJob job : jobs) {
      assertEquals(expected.get(job.id()).samples(), run.ended.get(job.id()).samples());
      assertEquals(
          expected.get(job.id()).networkEvaluations(),
          run.ended.get(job.id()).networkEvaluations());
    }
    assertEquals(0, run.retries);
  }

  @Test
  void scoresThatAreNotFiniteFailTheirJobForGood() {
    try (LoopUnderTest worker = new LoopUnderTest(_ -> {})) {
      worker.take(withText("spoiled", "!!"));
      worker.take(Jobs.job("sound"));
      assertEquals(Code.NOT_FINITE, worker.awaitEnd("spoiled").error().orElseThrow().code());
      assertEquals(Outcome.COMPLETED, worker.awaitEnd("sound").outcome());
      assertEquals(Map.of(), worker.deadLetters);
      assertEquals(1, worker.metrics.value(Metric.NONFINITE_SCORES));
    }
  }

  @Test
  void theCapacityHalvesWithEveryWantOfMemoryAndComesBackSlowly() {
    StepCapacity capacity = new StepCapacity(160);
    capacity.outOfMemory(160);
    capacity.outOfMemory(80);
    assertEquals(40, capacity.rows());
    for (int i = 0; i < 63; i++) {
      capacity.goodStep();
    }
    assertEquals(40, capacity.rows());
    capacity.goodStep();
    assertEquals(50, capacity.rows());
    for (int i = 0; i < 64 * 20; i++) {
      capacity.goodStep();
    }
    assertEquals(160, capacity.rows());
    int[] rows = new int[20];
    for (int i = 0; i < rows.length; i++) {
      capacity.outOfMemory(1);
      rows[i] = capacity.rows();
    }
    assertEquals(1, Arrays.stream(rows).min().orElseThrow());
  }
}
