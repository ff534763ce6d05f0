package io.sedd.protocol.client;

import java.time.Duration;

/** No result came in the client's time. The job itself goes on. */
public final class JobTimeoutException extends SeddClientException {

  private static final long serialVersionUID = 1;

  private final String jobId;

  JobTimeoutException(String jobId, Duration limit) {
    super(
        "no result for "
            + jobId
            + " within "
            + limit.toSeconds()
            + " s; the job stays where it is: is a worker running on these topics?");
    this.jobId = jobId;
  }

  /** The job. */
  public String jobId() {
    return jobId;
  }
}
