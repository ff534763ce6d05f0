package io.sedd.worker.publishing;

import io.sedd.protocol.job.JobProgress;
import java.util.function.Supplier;

/**
 * A progress record to be made: decoding text is no work for the thread that steps.
 *
 * @param trace that the job belongs to
 * @param jobId whose it is
 * @param sample which of the job's samples
 * @param content makes the record, on any thread
 */
public record ProgressReport(
    TraceContext trace, String jobId, int sample, Supplier<JobProgress> content) {

  /** What a newer report takes the place of. */
  record Slot(String jobId, int sample) {}

  Slot slot() {
    return new Slot(jobId, sample);
  }
}
