package io.sedd.protocol.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Properties of Kafka's clients as somebody configured them (servers, TLS, SASL, time limits):
 * every client gets those that it knows.
 */
public final class GivenProperties {

  private final Map<String, String> given;

  /**
   * Checked properties.
   *
   * @param given {@code bootstrap.servers} must be there
   * @param reserved what the program decides; naming one of them is an error
   * @throws IllegalArgumentException if a property is missing or reserved
   */
  public GivenProperties(Map<String, String> given, Set<String> reserved) {
    Set<String> refused = new TreeSet<>(given.keySet());
    refused.retainAll(reserved);
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(
          "kafka: " + refused + " cannot be set, delivery depends on them; remove them");
    }
    if (given.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka: bootstrap.servers is missing; set it to host:port of a broker");
    }
    this.given = Map.copyOf(given);
  }

  /** For a consumer; the caller's to add to. */
  public Map<String, Object> ofConsumer() {
    return known(ConsumerConfig.configNames());
  }

  /** For a producer; the caller's to add to. */
  public Map<String, Object> ofProducer() {
    return known(ProducerConfig.configNames());
  }

  /** For an administrator's client; the caller's to add to. */
  public Map<String, Object> ofAdmin() {
    return known(AdminClientConfig.configNames());
  }

  /** The given properties that a kind of client has; the others belong to another kind. */
  private Map<String, Object> known(Set<String> names) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.keySet().removeIf(name -> !names.contains(name) && isOfAnotherClient(name));
    return properties;
  }

  /**
   * Names that no client knows are passed to all: security plug-ins have properties of their own.
   */
  private static boolean isOfAnotherClient(String name) {
    return ConsumerConfig.configNames().contains(name)
        || ProducerConfig.configNames().contains(name)
        || AdminClientConfig.configNames().contains(name);
  }
}
