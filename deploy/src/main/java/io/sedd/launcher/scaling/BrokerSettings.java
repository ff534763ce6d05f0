package io.sedd.launcher.scaling;

/**
 * Settings of Kafka 4.4 that bound a group, with their defaults; a test compares them with the
 * broker's own definition.
 *
 * @param shareGroupMembers {@code group.share.max.size}
 * @param recordLocks {@code group.share.partition.max.record.locks}
 * @param shareSessions {@code group.share.max.share.sessions}, for each broker
 * @param heartbeatSeconds {@code group.consumer.heartbeat.interval.ms} and that of share groups
 * @param planningSeconds {@code group.consumer.assignment.interval.ms} and that of share groups
 */
record BrokerSettings(
    int shareGroupMembers,
    int recordLocks,
    int shareSessions,
    double heartbeatSeconds,
    double planningSeconds) {

  static final BrokerSettings DEFAULTS = new BrokerSettings(200, 2000, 2000, 5, 1);

  /** The most that the broker lets an operator set. */
  static final BrokerSettings LARGEST = new BrokerSettings(1000, 10_000, Integer.MAX_VALUE, 5, 1);
}
