package io.sedd.worker.intake;

/**
 * Which record a job came in.
 *
 * @param partition of the jobs topic
 * @param offset in it
 * @param lease number of the stretch of time in which this worker has the partition: the same
 *     record taken twice is two positions
 */
public record RecordPosition(int partition, long offset, long lease) {}
