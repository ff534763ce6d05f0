package io.sedd.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.protocol.configuration.ConfigurationSources;
import io.sedd.trainer.training.TrainingConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedConfigurationsTest {

  private static TrainingConfiguration read(String file) {
    return TrainCommand.read(
        new ConfigurationSources(
            TrainCommand.defaults(),
            Optional.of(Path.of("../deploy").resolve(file)),
            Map.of(),
            List.of()));
  }

  @ParameterizedTest
  @CsvSource({"small, 768, 12, 12", "medium, 1024, 24, 16"})
  void thePapersModelsHaveTheirShapeAndRecipe(String name, int hidden, int blocks, int heads) {
    TrainingConfiguration configuration = read("training/sedd-" + name + ".yaml");
    assertEquals(hidden, configuration.model().hidden());
    assertEquals(blocks, configuration.model().blocks());
    assertEquals(heads, configuration.model().heads());
    assertEquals(0.1, configuration.model().dropout());
    assertEquals(512, configuration.batch().total());
    assertEquals(3e-4, configuration.optimizer().learningRate().peak());
    assertEquals(0, configuration.optimizer().weightDecay());
  }

  @Test
  void theDemosConfigurationIsRead() {
    assertEquals(1024, read("demo/train.yaml").tokenizer().vocabulary());
  }
}
