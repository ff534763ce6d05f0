package io.sedd.worker.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.configuration.ConfigurationException;
import io.sedd.protocol.job.JobTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerConfigurationTest {

  private static final Path EXAMPLE = Path.of("..", "deploy", "worker.yaml");

  @Test
  void theExampleFileIsValidAndTheUsualTopicsAreThoseOfTheContract() {
    WorkerConfiguration configuration = read(Optional.of(EXAMPLE));
    assertEquals(JobTopics.defaults(), configuration.topics());
    assertEquals("localhost:9092", configuration.kafka().get("bootstrap.servers"));
    assertEquals("127.0.0.1", configuration.http().host());
  }

  @Test
  void theFolderOfTheCheckpointsMustBeGiven() {
    ConfigurationException missing =
        assertThrows(ConfigurationException.class, () -> read(Optional.empty()));
    assertTrue(missing.getMessage().contains("checkpoints.folder"), missing::getMessage);
  }

  @Test
  void valuesOutOfTheirRangeAreRefused() {
    for (String setting :
        List.of(
            "batch.maxRows=0",
            "http.port=70000",
            "delivery.maxAttempts=8",
            "queue.ageing=0s",
            "limits.resultBytes=10",
            "group=",
            "topics.results=sedd.jobs")) {
      assertThrows(
          ConfigurationException.class, () -> read(Optional.of(EXAMPLE), setting), setting);
    }
  }

  private static WorkerConfiguration read(Optional<Path> file, String... settings) {
    return WorkerConfiguration.read(file, Map.of(), List.of(settings));
  }
}
