package io.sedd.launcher.scaling;

/**
 * How long it takes until a worker that joins a group has work, by the group protocols of Kafka 4:
 * the broker plans a new assignment, an owner hears of it at its next heartbeat and, in a consumer
 * group, lets its running jobs end; the newcomer hears at its next heartbeat.
 *
 * @param heartbeat {@code group.consumer.heartbeat.interval.ms}, {@code
 *     group.share.heartbeat.interval.ms}, in seconds
 * @param planning {@code group.*.assignment.interval.ms}, in seconds
 * @param drain of running jobs, at most {@code delivery.drainLimit}; none in a share group
 */
record JoinTime(double heartbeat, double planning, double drain) {

  /** On average, with heartbeats at random moments and drains of half the limit. */
  double mean() {
    return planning + (drain > 0 ? heartbeat / 2 + drain / 2 : 0) + heartbeat / 2;
  }

  /** At worst. */
  double worst() {
    return planning + (drain > 0 ? heartbeat + drain : 0) + heartbeat;
  }
}
