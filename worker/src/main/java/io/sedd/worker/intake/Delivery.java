package io.sedd.worker.intake;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.worker.publishing.TraceContext;
import java.time.Instant;

/**
 * A valid job in this worker's hands.
 *
 * @param position where it came from; what it is settled by
 * @param job the job
 * @param length positions of its template, for the checkpoint that was served when it came
 * @param attempt which start of the job the next one is, 1 for the first
 * @param suspect whether nothing else may run beside it, lest it take others down with it
 * @param arrival when it came
 * @param sent timestamp of its record
 * @param trace the trace that its record names
 */
public record Delivery(
    RecordPosition position,
    GenerationJob job,
    int length,
    int attempt,
    boolean suspect,
    Instant arrival,
    Instant sent,
    TraceContext trace) {

  /** So many starts without an end, and the next one is alone. */
  static final int STARTS_IN_COMPANY = 2;

  /** A job that belongs to no trace; a suspect if its starts so far say so. */
  public Delivery(
      RecordPosition position,
      GenerationJob job,
      int length,
      int attempt,
      Instant arrival,
      Instant sent) {
    this(
        position,
        job,
        length,
        attempt,
        attempt > STARTS_IN_COMPANY,
        arrival,
        sent,
        TraceContext.NONE);
  }

  /** Token rows of all samples. */
  public long rows() {
    return (long) length * job.samples();
  }

  /** Token rows times steps: what the job costs. */
  public long tokenSteps() {
    return rows() * job.steps();
  }

  /** The same job before its next start. */
  public Delivery again() {
    return new Delivery(position, job, length, attempt + 1, suspect, arrival, sent, trace);
  }
}
