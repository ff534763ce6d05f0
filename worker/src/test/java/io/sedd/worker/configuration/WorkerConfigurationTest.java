package io.sedd.worker.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.configuration.ConfigurationException;
import io.sedd.protocol.job.JobTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            "backend.number=-1",
            "backend.devices=0,-1",
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

  @Test
  void oneDeviceOrSeveralDifferentOnesMayBeNamed() {
    assertEquals(List.of(0), devices());
    assertEquals(List.of(3), devices("backend.number=3"));
    assertEquals(List.of(1, 0), devices("backend.devices=1,0"));
    assertRefused("devices must be different ones, but are [0, 1, 0]", "backend.devices=0,1,0");
    assertRefused("number and devices are both given", "backend.number=0", "backend.devices=0,1");
    assertRefused(
        "threads must be at least one for each of the devices, but is 1",
        "backend.threads=1",
        "backend.devices=0,1");
  }

  @Test
  void aListOfNoDeviceIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("worker.yaml");
    Files.writeString(file, Files.readString(EXAMPLE) + "\nbackend:\n  devices: []\n");
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> read(Optional.of(file)));
    assertTrue(refused.getMessage().contains("at least one device"), refused::getMessage);
  }

  private static List<Integer> devices(String... settings) {
    return read(Optional.of(EXAMPLE), settings).backend().numbers();
  }

  private static void assertRefused(String because, String... settings) {
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> read(Optional.of(EXAMPLE), settings));
    assertTrue(refused.getMessage().contains(because), refused::getMessage);
  }

  private static WorkerConfiguration read(Optional<Path> file, String... settings) {
    return WorkerConfiguration.read(file, Map.of(), List.of(settings));
  }
}
