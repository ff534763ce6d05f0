package io.sedd.worker.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.JobProgress;
import org.junit.jupiter.api.Test;

class NewestReportsTest {

  private final NewestReports reports = new NewestReports(2);

  @Test
  void aNewerReportOfASampleTakesThePlaceOfTheOneThatWaits() throws InterruptedException {
    assertTrue(reports.put(report("a", 0, 1)));
    assertTrue(reports.put(report("a", 1, 1)));
    assertFalse(reports.put(report("a", 0, 2)));
    assertEquals("a/0/2", take());
    assertEquals("a/1/1", take());
  }

  @Test
  void beyondTheCapacityOnlySamplesThatWaitAlreadyAreTaken() throws InterruptedException {
    assertTrue(reports.put(report("a", 0, 1)));
    assertTrue(reports.put(report("b", 0, 1)));
    assertFalse(reports.put(report("c", 0, 1)));
    assertFalse(reports.put(report("b", 0, 2)));
    assertEquals("a/0/1", take());
    assertEquals("b/0/2", take());
    assertTrue(reports.put(report("c", 0, 2)));
    assertEquals("c/0/2", take());
  }

  private String take() throws InterruptedException {
    JobProgress progress = reports.take().content().get();
    return progress.jobId() + "/" + progress.sample() + "/" + progress.step();
  }

  private static ProgressReport report(String jobId, int sample, int step) {
    return new ProgressReport(
        TraceContext.NONE, jobId, sample, () -> new JobProgress(jobId, sample, step, 9, 1, "text"));
  }
}
