package io.sedd.protocol.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveConfigurationTest {

  @Test
  void allOfTheConfigurationStandsOnOneLineOfJson() {
    Kitchen kitchen =
        Kitchen.read(
            Optional.empty(), Map.of(), "cellar.bottles=2", "shelves=[{label: x, jars: 1}]");
    assertEquals(
        "{\"stove\":{\"name\":\"big\",\"maxHeat\":300,\"grains\":5000000000,\"salt\":1.5,"
            + "\"lit\":false,\"book\":\"recipes/book.txt\",\"boil\":\"PT30S\",\"fuel\":\"gas\","
            + "\"guests\":null,\"password\":null},\"cellar\":{\"bottles\":2,\"door\":null},"
            + "\"dishes\":[\"soup\",\"bread\"],\"tables\":[],"
            + "\"shelves\":[{\"label\":\"x\",\"jars\":1}],"
            + "\"kafka\":{\"bootstrap.servers\":\"localhost:9092\",\"retries\":\"3\"},"
            + "\"kafkaConsumer\":{}}",
        EffectiveConfiguration.jsonLine(kitchen));
  }

  @Test
  void secretsAreMaskedInRecordsAndMaps() {
    record Door(Optional<String> adminToken, Map<String, String> kafka, int maxTokens) {}
    Door door = new Door(Optional.of("hunter2"), Map.of("sasl.jaas.config", "hunter2"), 4096);
    assertEquals(
        "{\"adminToken\":\"***\",\"kafka\":{\"sasl.jaas.config\":\"***\"},\"maxTokens\":4096}",
        EffectiveConfiguration.jsonLine(door));
  }

  @ParameterizedTest
  @CsvSource({
    "password, true",
    "kafka.ssl.key.password, true",
    "sslKeystorePassword, true",
    "sasl.jaas.config, true",
    "SASL.JAAS.CONFIG, true",
    "clientsecret, true",
    "token, true",
    "adminToken, true",
    "api_token, true",
    "ssl.keystore.key, true",
    "maxTokens, false",
    "tokenizer, false",
    "tokens, false",
    "bootstrap.servers, false",
    "ssl.keystore.location, false"
  })
  void aSecretIsKnownByItsKey(String key, boolean secret) {
    assertEquals(secret, Secrets.isSecret(key));
  }
}
