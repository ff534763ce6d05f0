package io.sedd.protocol.job;

/**
 * A request to stop a job, as it stands in one record of the control topic.
 *
 * @param jobId id of the job
 */
public record JobCancellation(String jobId) {}
