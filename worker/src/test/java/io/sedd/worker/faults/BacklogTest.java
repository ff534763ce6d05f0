package io.sedd.worker.faults;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.delivery.Jobs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A backlog far beyond what a worker may hold: its heap of 96 MB is the bound, and would not do for
 * a hundred thousand jobs in memory. {@code -Dbacklog.jobs=N} takes another number.
 */
@SuppressWarnings("try") // closing processes may be interrupted
class BacklogTest {

  private static final int JOBS = Integer.getInteger("backlog.jobs", 100_000);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aHundredThousandWaitingJobsAreAllDoneInABoundedHeap(Mode mode) throws Exception {
    try (BrokerProcess broker = new BrokerProcess(folder.resolve("broker"), 1, new FreePorts());
        FaultSite site = new FaultSite(broker, mode, folder.resolve("site"))) {
      for (int i = 0; i < JOBS; i++) {
        site.feed().send(job(i), Fate.COMPLETES);
      }
      site.feed().awaitTaken();
      site.start("slow", 0, List.of("-Xmx96m"), "batch.maxRows=2048");
      site.awaitSettled();
      site.audit().requireClean();
    }
  }

  private static GenerationJob job(int number) {
    return Jobs.withSteps(Jobs.job("job-" + number), 1);
  }
}
