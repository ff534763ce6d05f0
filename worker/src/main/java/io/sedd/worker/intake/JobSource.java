package io.sedd.worker.intake;

import java.time.Duration;

/**
 * Where jobs come from and where their results go: takes records, hands valid jobs on, and settles
 * each with its result.
 */
public interface JobSource extends Settlements {

  /** Begins to take jobs; does nothing if it has been stopped already. */
  void start(JobSink sink);

  /** How it is doing. Thread-safe. */
  SourceState state();

  /**
   * Stops fetching, waits until the started jobs have ended or the limit has passed, settles what
   * has ended and gives the rest back. Returns when that is done.
   */
  void stop(Duration limit) throws InterruptedException;

  /**
   * Stops at once after a fault of whatever runs the jobs: what has ended is settled, and the jobs
   * that run keep their start on record, for one of them may be the fault.
   */
  void giveUp() throws InterruptedException;
}
