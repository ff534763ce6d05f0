package io.sedd.trainer;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Precision;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.evaluation.CheckpointFolder;
import io.sedd.trainer.evaluation.Figures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all evaluations are told: the model, the device, and how to report. */
final class EvaluationOptions {

  @Option(
      names = "--checkpoint",
      required = true,
      description = "A checkpoint, or a folder of checkpoints, of which the latest is taken.")
  private Path checkpoint;

  @Option(
      names = "--batch",
      defaultValue = "32",
      description = "Sequences in one network evaluation (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--backend", description = "Name of the backend; the best here if left out.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--precision",
      description = "Of the matrix products: default, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.DEFAULT;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--markdown", description = "Print a table in Markdown.")
  private boolean markdown;

  @Option(names = "--plot", paramLabel = "PNG", description = "Draws a chart into this file.")
  private Optional<Path> plot = Optional.empty();

  /** The folder as it was given. */
  Path folder() {
    return checkpoint;
  }

  Checkpoint openCheckpoint() throws IOException {
    Checkpoint found = CheckpointFolder.open(checkpoint);
    found.verify();
    return found;
  }

  Backend openBackend() {
    return Backends.open(backendName, BackendOptions.of(precision));
  }

  int batch() {
    return batch;
  }

  long seed() {
    return seed;
  }

  void report(Figures figures, Page chart, PrintWriter out) throws IOException {
    out.println(json ? figures.json() : markdown ? figures.markdown() : figures.table());
    out.flush();
    if (plot.isPresent()) {
      if (plot.get().toAbsolutePath().getParent() != null) {
        Files.createDirectories(plot.get().toAbsolutePath().getParent());
      }
      try (OutputStream file = Files.newOutputStream(plot.get())) {
        chart.write(file);
      }
    }
  }
}
