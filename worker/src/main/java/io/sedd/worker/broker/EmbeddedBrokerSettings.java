package io.sedd.worker.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Settings under which one node alone is a whole cluster that starts and stops quickly. */
final class EmbeddedBrokerSettings {

  static final int NODE = 1;

  /** The same for all, so that nodes in processes of their own are one cluster. */
  static final String CLUSTER = "c2VkZC1lbWJlZGRlZC1rYQ";

  static final String HOST = "127.0.0.1";
  static final String CONTROLLER = "CONTROLLER";

  private EmbeddedBrokerSettings() {}

  static Map<String, String> of(Path folder, int port, int controllerPort) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", String.valueOf(NODE));
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d".formatted(HOST, port, CONTROLLER, HOST, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(HOST, port));
    settings.put(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE, HOST, controllerPort));
    settings.put("log.dirs", folder.toString());
    settings.put("auto.create.topics.enable", "false");
    oneReplica(settings, "offsets.topic", "");
    oneReplica(settings, "transaction.state.log", ".min.isr");
    oneReplica(settings, "share.coordinator.state.topic", ".min.isr");
    // the default is 128 MiB of heap, for a log that is never large here
    settings.put("log.cleaner.dedupe.buffer.size", "2097152");
    // members are told of a rebalance at their next heartbeat: 5 s by default
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.consumer.min.heartbeat.interval.ms", "100");
    settings.put("group.consumer.heartbeat.interval.ms", "300");
    // after a kill the old registration must expire first: 9 s by default
    settings.put("broker.session.timeout.ms", "1500");
    settings.put("broker.heartbeat.interval.ms", "300");
    return settings;
  }

  private static void oneReplica(Map<String, String> settings, String topic, String minimum) {
    settings.put(topic + ".num.partitions", "1");
    settings.put(topic + ".replication.factor", "1");
    if (!minimum.isEmpty()) {
      settings.put(topic + minimum, "1");
    }
  }
}
