package io.sedd.worker.intake;

/**
 * How jobs are taken from a share group.
 *
 * @param topic the jobs topic
 * @param group the share group
 * @param lanes consumers of this worker; while one waits for the last of its jobs the others fetch
 * @param maxAttempts starts without an end after which a job is a dead letter; at least one of them
 *     is alone, whatever this says
 */
public record ShareGroupSettings(String topic, String group, int lanes, int maxAttempts) {

  /** Starts alone without an end after which a job is a dead letter. */
  int mostLoneStarts() {
    return Math.max(1, maxAttempts - Delivery.STARTS_IN_COMPANY);
  }
}
