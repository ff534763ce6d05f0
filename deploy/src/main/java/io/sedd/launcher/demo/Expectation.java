package io.sedd.launcher.demo;

import io.sedd.protocol.job.JobError;

/** How a demo job must end for the demo to succeed. */
sealed interface Expectation {

  /** A completed result with so many texts. */
  record Completed(int samples) implements Expectation {}

  /** A failed result and a dead letter, both with this code. */
  record Refused(JobError.Code code) implements Expectation {}

  /** No result, only a dead letter with this code: the record is no job. */
  record DeadLetter(JobError.Code code) implements Expectation {}
}
