package io.sedd.worker.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the brokers are and how they are spoken to, for commands that look after topics. */
public final class BrokerOptions {

  @Option(
      names = "--bootstrap-servers",
      defaultValue = "localhost:9092",
      description = "Brokers, host:port. Default: ${DEFAULT-VALUE}.")
  private String bootstrapServers;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "A property of Kafka's clients, such as security.protocol=SSL; repeatable.")
  private Map<String, String> kafka = new LinkedHashMap<>();

  /** The brokers. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Clients of these brokers, see {@link ConfiguredKafkaClients}. */
  public KafkaClients clients(String group, String worker) {
    Map<String, String> properties = new LinkedHashMap<>(kafka);
    properties.put("bootstrap.servers", bootstrapServers);
    return new ConfiguredKafkaClients(properties, group, worker);
  }
}
