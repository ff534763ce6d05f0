package io.sedd.worker.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.delivery.Jobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers of two devices, each a process of its own, and a fault on one of the devices. */
@SuppressWarnings("try") // closing processes may be interrupted
class SeveralDevicesFaultsTest {

  private static final String TWO = "backend.devices=0,1";
  private static final char DEADLY_TOKEN = '~';

  @TempDir private static Path folder;
  private static BrokerProcess broker;

  @TempDir private Path own;

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
  void aWorkerOneOfWhoseDevicesIsLostEndsAndAnotherDoesTheJobsOfBoth(Mode mode) throws Exception {
    try (FaultSite site = new FaultSite(broker, mode, own)) {
      // each device has some fifteen of these jobs at a time, so both take many slow steps
      List<String> faults = new ArrayList<>(FaultyProvider.option("stepMillis", 20));
      faults.addAll(FaultyProvider.option("failFrom", 5));
      faults.addAll(FaultyProvider.option("failDevice", 1));
      WorkerProcess broken = site.start("broken", 0, faults, TWO);
      site.feed().send(jobs(120), Fate.COMPLETES);
      assertEquals(1, broken.awaitEnd());
      broken.awaitSaid("device 1 is taken for broken");
      site.start("whole", 1, List.of(), TWO);
      site.awaitSettled();
      site.audit().requireClean();
    }
  }

  @Test
  void aJobThatEndsTheProcessIsRunAloneAtLastAndTakesNoJobOfEitherDeviceAlong() throws Exception {
    try (FaultSite site = new FaultSite(broker, Mode.EXACTLY_ONCE, own)) {
      List<WorkerProcess> workers = new ArrayList<>();
      startAnother(site, workers);
      site.feed().send(jobs(60), Fate.COMPLETES);
      site.feed().send(List.of(deadly()), Fate.IS_DEADLY);
      site.awaitSettled(() -> startAnotherIfItHasEnded(site, workers));
      site.audit().requireClean();
      // in company twice, and then alone
      assertTrue(workers.size() > 3, () -> workers.size() + " workers were needed");
    }
  }

  private static void startAnotherIfItHasEnded(FaultSite site, List<WorkerProcess> workers) {
    if (!workers.getLast().running()) {
      startAnother(site, workers);
    }
  }

  private static void startAnother(FaultSite site, List<WorkerProcess> workers) {
    List<String> options = new ArrayList<>(FaultyProvider.option("stepMillis", 20));
    options.addAll(FaultyProvider.option("haltAt", DEADLY_TOKEN));
    try {
      workers.add(site.start("w" + workers.size(), 0, options, TWO, "delivery.maxAttempts=3"));
    } catch (IOException e) {
      throw new AssertionError("a worker cannot be started", e);
    }
  }

  private static GenerationJob deadly() {
    String text = String.valueOf(DEADLY_TOKEN).repeat(FaultyProvider.DEADLY_ROW);
    return Jobs.withSteps(
        JobDefaults.job("deadly", List.of(new Segment.Text(text), new Segment.Blank(3))), 4);
  }

  /** Eight positions, eight steps each. */
  private static List<GenerationJob> jobs(int count) {
    return Jobs.jobs("job", count).stream().map(job -> Jobs.withSteps(job, 8)).toList();
  }
}
