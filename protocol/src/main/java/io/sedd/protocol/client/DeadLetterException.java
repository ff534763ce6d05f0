package io.sedd.protocol.client;

import io.sedd.protocol.job.JobError;

/**
 * The job's record became a dead letter and there is no result: nobody will work on it unless it is
 * replayed.
 */
public final class DeadLetterException extends SeddClientException {

  private static final long serialVersionUID = 1;

  private final String jobId;
  private final transient JobError error;

  DeadLetterException(String jobId, JobError error) {
    super(
        jobId
            + " is a dead letter, "
            + error.code().wireName()
            + " at "
            + error.path()
            + ": "
            + error.message());
    this.jobId = jobId;
    this.error = error;
  }

  /** The job. */
  public String jobId() {
    return jobId;
  }

  /** Why. */
  public JobError error() {
    return error;
  }
}
