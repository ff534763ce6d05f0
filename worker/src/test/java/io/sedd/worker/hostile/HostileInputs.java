package io.sedd.worker.hostile;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Everything that a worker reads and did not write. */
enum HostileInputs {
  JOBS(JobRecords::new),
  CANCELLATIONS(Messages::cancellations),
  RESULTS(Messages::results),
  SAFETENSORS(WeightFiles::new),
  CONFIG(CheckpointDocuments::configs),
  MANIFEST(CheckpointDocuments::manifests),
  TOKENIZER(CheckpointDocuments::tokenizers),
  CHECKPOINT(WholeCheckpoints::new);

  private interface Opening {
    HostileInput open() throws IOException;
  }

  private final Opening opening;

  HostileInputs(Opening opening) {
    this.opening = opening;
  }

  /** Opens it; owned by the caller. */
  HostileInput open() throws IOException {
    return opening.open();
  }

  /** By the name of the constant, in any case. */
  static HostileInputs named(String name) {
    List<HostileInputs> all = Arrays.asList(values());
    return all.stream()
        .filter(input -> input.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("there is no input '" + name + "'; known: " + all));
  }
}
