package io.sedd.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.launcher.Sedd;
import io.sedd.protocol.configuration.ConfigurationReader;
import io.sedd.protocol.configuration.ConfigurationSources;
import io.sedd.protocol.configuration.LauncherVariables;
import io.sedd.trainer.training.TrainingConfiguration;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * What a manifest starts: the arguments of {@code sedd}, which must be ones that it takes.
 *
 * @param all of them, the command first
 */
record SeddArguments(List<String> all) {

  SeddArguments {
    new CommandLine(new Sedd()).parseArgs(all.toArray(String[]::new));
  }

  static SeddArguments of(JsonNode list) {
    List<String> all = new ArrayList<>();
    list.forEach(argument -> all.add(argument.asText()));
    return new SeddArguments(all);
  }

  String valueOf(String option) {
    int at = all.indexOf(option);
    if (at < 0) {
      throw new AssertionError(all + " has no " + option);
    }
    return all.get(at + 1);
  }

  /** The worker's configuration of a file and an environment; an unknown key is an error. */
  static WorkerConfiguration worker(Path file, Map<String, String> environment) {
    return WorkerConfiguration.read(Optional.of(file), environment, List.of());
  }

  /** The trainer's. */
  static TrainingConfiguration trainer(Path file, Map<String, String> environment) {
    String defaults =
        ConfigurationSources.resource(TrainingConfiguration.class, "train-defaults.yaml");
    return new ConfigurationReader<>(TrainingConfiguration.class, LauncherVariables.NAMES)
        .read(new ConfigurationSources(defaults, Optional.of(file), environment, List.of()));
  }
}
