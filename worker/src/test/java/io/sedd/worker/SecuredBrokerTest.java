package io.sedd.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.delivery.Jobs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that speaks TLS alone and wants to know who comes, as most do. */
class SecuredBrokerTest {

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
          + " password=\"%s\"";

  @Test
  void aWorkerWorksOverSaslSslByPropertiesAloneAndSaysSoWhereItsPasswordIsWrong(
      @TempDir Path folder) throws Exception {
    Path store = TestCertificate.keyStore(folder);
    int port = freePort();
    try (EmbeddedBroker broker =
        new EmbeddedBroker(folder.resolve("broker"), secured(port, freePort(), store))) {
      broker.start();
      Map<String, String> client = client(port, store, "worker-password");
      createTopics(client);
      Path checkpoints = folder.resolve("checkpoints");
      TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
      try (Worker _ = Worker.start(configuration(client, checkpoints));
          SeddClient sender =
              SeddClient.open(ClientOptions.of(client).withTimeout(KafkaSite.LIMIT))) {
        GenerationResult result = sender.sendAndAwait(Jobs.job("secured"));
        assertEquals(Outcome.COMPLETED, result.outcome());
      }
      WorkerConfiguration wrong = configuration(client(port, store, "wrong"), checkpoints);
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> Worker.start(wrong));
      assertTrue(refused.getMessage().contains("uthentication"), refused::getMessage);
    }
  }

  private static Map<String, String> secured(int port, int controllerPort, Path store) {
    Map<String, String> settings = new HashMap<>(ssl(store));
    settings.put(
        "listeners", "SASL_SSL://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("advertised.listeners", "SASL_SSL://127.0.0.1:" + port);
    settings.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("inter.broker.listener.name", "SASL_SSL");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put(
        "listener.name.sasl_ssl.plain.sasl.jaas.config",
        LOGIN.formatted("broker", "broker-password")
            + " user_broker=\"broker-password\" user_worker=\"worker-password\";");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", store.toString());
    settings.put("ssl.keystore.password", TestCertificate.PASSWORD);
    settings.put("ssl.key.password", TestCertificate.PASSWORD);
    return settings;
  }

  private static Map<String, String> client(int port, Path store, String password) {
    Map<String, String> properties = new HashMap<>(ssl(store));
    properties.put("bootstrap.servers", "127.0.0.1:" + port);
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", "PLAIN");
    properties.put("sasl.jaas.config", LOGIN.formatted("worker", password) + ";");
    return properties;
  }

  private static Map<String, String> ssl(Path store) {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        store.toString(),
        "ssl.truststore.password",
        TestCertificate.PASSWORD);
  }

  private static void createTopics(Map<String, String> client) {
    JobTopics topics = JobTopics.defaults();
    try (Admin admin = Admin.create(new HashMap<>(client))) {
      TopicCreation.create(
          admin,
          Map.of(
              topics.jobs(), 1,
              topics.results(), 1,
              topics.progress(), 1,
              topics.control(), 1,
              topics.deadLetters(), 1));
    }
  }

  private static WorkerConfiguration configuration(Map<String, String> kafka, Path checkpoints) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "name=secured",
                "checkpoints.folder=" + checkpoints,
                "backend.name=reference",
                "batch.maxRows=512",
                "http.port=0"));
    kafka.forEach((key, value) -> settings.add("kafka." + key + "=" + value));
    return WorkerConfiguration.read(Optional.empty(), Map.of(), settings);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
