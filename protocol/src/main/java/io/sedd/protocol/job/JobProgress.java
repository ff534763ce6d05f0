package io.sedd.protocol.job;

/**
 * How far a running job has come, as it stands in one record of the progress topic.
 *
 * @param jobId id of the job, also the record's key
 * @param sample which of the job's samples, from 0
 * @param step steps taken
 * @param steps steps in all
 * @param masked positions still to be filled; for the uniform graph, which has no mask, the blank
 *     positions
 * @param text the template as it stands, unfilled positions shown as one {@code _} each
 */
public record JobProgress(String jobId, int sample, int step, int steps, int masked, String text) {}
