package io.sedd.worker.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.delivery.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real workers and a real broker, each a process of its own, and one fault: every job that the
 * broker took has one outcome. {@code -Dfaults.seed=N} chooses other moments for the faults.
 */
@SuppressWarnings("try") // closing processes may be interrupted
class FaultsTest {

  private static final long SEED = Long.getLong("faults.seed", 1);
  private static final List<String> SLOW = FaultyProvider.option("stepMillis", 20);
  private static final int JOBS = 120;

  @TempDir private static Path folder;
  private static BrokerProcess broker;

  @TempDir private Path own;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @BeforeAll
  static void startBroker() throws IOException {
    broker = new BrokerProcess(folder, 2, new FreePorts());
  }

  @AfterAll
  static void endBroker() throws Exception {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void aWorkerKilledInTheMiddleOfABatchLosesNothing(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      WorkerProcess victim = site.start("victim", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1 + random.nextInt(JOBS / 2));
      victim.kill();
      site.start("heir", 1, SLOW);
      settle(site);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBrokerStoppedOrKilledAndStartedAgainLosesNothing(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      site.start("w0", 0, SLOW);
      site.start("w1", 1, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1 + random.nextInt(JOBS / 3));
      broker.stop();
      broker.start();
      site.awaitResults(JOBS / 2);
      broker.kill();
      broker.start();
      settle(site);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWorkerCutOffForLongerThanItsSessionLosesNothingAndDoublesNothing(Mode mode)
      throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      site.start("cut", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1 + random.nextInt(JOBS / 3));
      broker.door(0).hold();
      site.start("heir", 1, SLOW);
      // the heir gets the partitions when the session of the other has ended
      site.awaitResults(JOBS * 2 / 3);
      broker.door(0).open();
      settle(site);
    } finally {
      broker.door(0).open();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLoneWorkerCutOffForLongerThanItsSessionGoesOnWhenItIsBack(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      site.start("cut", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1 + random.nextInt(JOBS / 3));
      broker.door(0).hold();
      site.awaitNoMember();
      broker.door(0).open();
      settle(site);
    } finally {
      broker.door(0).open();
    }
  }

  @ParameterizedTest
  @EnumSource
  void workersThatJoinAndLeaveWhileJobsRunLoseNothing(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      WorkerProcess first = site.start("w0", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(5);
      WorkerProcess second = site.start("w1", 1, SLOW);
      second.awaitUp();
      site.awaitResults(JOBS / 4 + random.nextInt(JOBS / 4));
      first.stop();
      site.start("w2", 0, SLOW);
      site.awaitResults(JOBS / 2 + random.nextInt(JOBS / 4));
      second.stop();
      settle(site);
    }
  }

  /** As an operator does who sets the topic's limit below the size of any result. */
  @ParameterizedTest
  @EnumSource
  void aResultTopicThatRefusesWritesForATimeLosesNothing(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      String results = site.kafka().topics().results();
      WorkerProcess worker = site.start("w", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1 + random.nextInt(JOBS / 3));
      site.kafka().configure(results, "max.message.bytes", "100");
      worker.awaitTroubled();
      site.kafka().configure(results, "max.message.bytes", "1048588");
      settle(site);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointFolderThatVanishesStopsNobodyWhoHasItAndIsWaitedForByOthers(Mode mode)
      throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      WorkerProcess first = site.start("first", 0, SLOW);
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      site.awaitResults(1);
      Path hidden = own.resolve("hidden");
      Files.move(site.checkpoints(), hidden);
      site.awaitResults(JOBS / 2);
      WorkerProcess second = site.start("second", 1, SLOW);
      second.awaitSaid("no job is taken so far");
      first.kill();
      Files.move(hidden, site.checkpoints());
      settle(site);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceThatFailsNowAndThenLosesNothing(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      site.start("w", 0, FaultyProvider.option("failEvery", 7 + random.nextInt(20)));
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      settle(site);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceThatIsLostEndsItsWorkerAndAnotherDoesItsJobs(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      // with 20 lanes at a time all jobs take 48 draws at the least
      WorkerProcess broken =
          site.start("broken", 0, FaultyProvider.option("failFrom", 10 + random.nextInt(30)));
      site.feed().send(jobs(JOBS), Fate.COMPLETES);
      assertEquals(1, broken.awaitEnd());
      site.start("whole", 1, List.of());
      settle(site);
    }
  }

  private static void settle(FaultSite site) throws Exception {
    site.awaitSettled();
    site.audit().requireClean();
  }

  /** Eight positions, eight steps each: with slow steps some fifty a second on one worker. */
  private static List<GenerationJob> jobs(int count) {
    return Jobs.jobs("job", count).stream().map(job -> Jobs.withSteps(job, 8)).toList();
  }
}
