package io.sedd.launcher.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.launcher.scaling.Delivery.Confirmation;
import io.sedd.launcher.scaling.Delivery.ConsumerGroup;
import io.sedd.launcher.scaling.Delivery.ShareGroup;
import org.junit.jupiter.api.Test;

/**
 * The simulation against what is known in closed form. Seeds are fixed, so that a test that passes
 * passes always; the tolerances are some 4 standard errors of other seeds.
 */
class SimulationTest {

  private static final JobMix SECOND = JobMix.equal("one second", 1);
  private static final Speed ONE = Speed.oneAtATime();

  private static ShareGroup unlimited(int partitions) {
    return new ShareGroup(partitions, 1, Integer.MAX_VALUE, Integer.MAX_VALUE, Confirmation.FREE);
  }

  @Test
  void oneWorkerWithEqualJobsIsTheQueueOfPollaczekAndKhinchin() {
    for (double load : new double[] {0.3, 0.7}) {
      Outcome outcome =
          Simulation.arriving(
              new ConsumerGroup(1, Confirmation.FREE), SECOND, ONE, 1, load, 400_000, 1);
      // M/D/1: rho / (2 (1 - rho)) service times
      double wait = load / (2 * (1 - load));
      assertEquals(wait, outcome.meanWait(), 0.04 * wait);
      assertEquals(wait + 1, outcome.meanTime(), 0.02 * (wait + 1));
      assertEquals(load, outcome.busy(), 0.01);
    }
  }

  @Test
  void unevenJobsWaitAsTheirSecondMomentSays() {
    JobMix uneven = new JobMix("half of them 4 times the others", 1, 4);
    Outcome outcome =
        Simulation.arriving(
            new ConsumerGroup(1, Confirmation.FREE), uneven, ONE, 1, 0.5, 400_000, 2);
    // M/G/1: lambda E(S^2) / (2 (1 - rho)), with S 0.4 or 1.6
    double wait = 0.5 * (0.16 + 2.56) / 2 / (2 * 0.5);
    assertEquals(wait, outcome.meanWait(), 0.04 * wait);
  }

  @Test
  void jobsThatShareAWorkerTakeOneOverWhatIsLeftOfIt() {
    int room = 200;
    int[] counts = java.util.stream.IntStream.rangeClosed(1, room).toArray();
    double[] rates = new double[room];
    java.util.Arrays.fill(rates, 1);
    Outcome outcome =
        Simulation.arriving(
            new ConsumerGroup(1, Confirmation.FREE),
            SECOND,
            new Speed(counts, rates),
            1,
            0.6,
            400_000,
            3);
    // M/G/1 with processor sharing: 1 / (1 - rho) service times, whatever their distribution
    assertEquals(2.5, outcome.meanTime(), 0.1);
  }

  @Test
  void withoutLimitsWorkIsDoneByAllWorkers() {
    for (int workers : new int[] {1, 7, 100}) {
      Outcome outcome = Simulation.saturated(unlimited(3), SECOND, ONE, workers, 1000, 4);
      assertEquals(workers, outcome.jobsPerSecond(), 0.02 * workers);
      assertEquals(1, outcome.busy(), 1e-9);
    }
  }

  @Test
  void workersBeyondThePartitionsOfAConsumerGroupHaveNothingToDo() {
    Delivery delivery = new ConsumerGroup(8, Confirmation.FREE);
    assertEquals(8, Simulation.saturated(delivery, SECOND, ONE, 20, 100, 5).jobsPerSecond(), 0.2);
    assertEquals(0.4, Simulation.saturated(delivery, SECOND, ONE, 20, 100, 5).busy(), 1e-9);
  }

  @Test
  void lanesAndTheGroupsSizeBoundTheWorkersOfAShareGroup() {
    Delivery delivery = new ShareGroup(4, 4, 40, Integer.MAX_VALUE, Confirmation.FREE);
    assertEquals(10, Simulation.saturated(delivery, SECOND, ONE, 20, 100, 6).jobsPerSecond(), 0.2);
  }

  @Test
  void locksBoundTheJobsInHand() {
    Delivery delivery = new ShareGroup(2, 1, 1000, 3, Confirmation.FREE);
    assertEquals(6, Simulation.saturated(delivery, SECOND, ONE, 20, 100, 7).jobsPerSecond(), 0.2);
  }

  @Test
  void aWorkerDoesNotRunFarAheadOfItsConfirmations() {
    // 32 jobs of a second at once; the first to end is confirmed alone, the others together after
    // it, 2 s each, and only then there is room again: 32 in 4 s
    Delivery delivery = new ShareGroup(1, 1, 1, 1000, new Confirmation(2, 0, 0));
    assertEquals(
        8,
        Simulation.saturated(delivery, JobMix.equal("", 1 / 32.0), Speed.apart(32), 1, 600, 9)
            .jobsPerSecond(),
        0.2);
  }

  @Test
  void aBrokerThatIsBusyIsTheLimit() {
    // 10 confirmations a second at most; a worker has one at a time, of what ended meanwhile
    Delivery delivery = new ShareGroup(4, 1, 1000, Integer.MAX_VALUE, new Confirmation(0, 0, 0.1));
    assertEquals(10, Simulation.saturated(delivery, SECOND, ONE, 50, 200, 8).jobsPerSecond(), 0.2);
    // and where the price is that of a confirmation and not of a job, they merge
    Delivery merging = new ShareGroup(4, 1, 1000, Integer.MAX_VALUE, new Confirmation(0, 0.1, 0));
    assertEquals(50, Simulation.saturated(merging, SECOND, ONE, 50, 200, 8).jobsPerSecond(), 2.5);
  }

  @Test
  void theSameSeedGivesTheSameNumbersAndAnotherSeedOthers() {
    Delivery delivery = new ConsumerGroup(4, Measured.TRANSACTION);
    Outcome first = Simulation.arriving(delivery, SECOND, ONE, 4, 2, 500, 1);
    assertEquals(first, Simulation.arriving(delivery, SECOND, ONE, 4, 2, 500, 1));
    assertNotEquals(first, Simulation.arriving(delivery, SECOND, ONE, 4, 2, 500, 2));
  }

  @Test
  void aKneeIsTheLastWorkerThatIsWorthHaving() {
    var outcomes =
        java.util.stream.Stream.of(1, 8, 16, 20)
            .map(n -> new Outcome(n, Math.min(n, 16), 1, 0, 0))
            .toList();
    assertEquals(16, Scenario.knee(outcomes));
    assertTrue(Scenario.WORKERS.contains(16));
  }
}
