package io.sedd.worker.intake;

/**
 * How jobs are taken from a share group.
 *
 * @param topic the jobs topic
 * @param lanes consumers of this worker; while one waits for the last of its jobs the others fetch
 * @param deadAt the delivery at which a job is not started any more but becomes a dead letter
 */
public record ShareGroupSettings(String topic, int lanes, int deadAt) {}
