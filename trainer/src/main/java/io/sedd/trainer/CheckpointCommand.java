package io.sedd.trainer;

import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ParameterLayout;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import io.sedd.protocol.checkpoint.CheckpointManifest;
import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.conversion.Conversion;
import io.sedd.trainer.conversion.ForeignModel;
import io.sedd.trainer.conversion.Publication;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at checkpoints, converts what others saved, publishes to a store. */
@Command(
    name = "checkpoint",
    mixinStandardHelpOptions = true,
    description = "Looks at, verifies, converts and publishes checkpoints.")
public final class CheckpointCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: inspect, verify, convert or publish");
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description =
          "Prints what a folder holds: a checkpoint, a folder of the hub's layout,"
              + " pytorch_model.bin, or the run folder of the official training code.")
  void inspect(
      @Parameters(paramLabel = "FOLDER", description = "The folder.") Path folder,
      @Option(names = "--tensors", description = "Every tensor with its shape.") boolean tensors)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (ForeignModel model = Conversion.open(folder)) {
      CheckpointConfig config = model.config();
      out.printf("%s: %s%n", folder, model.description());
      out.printf("graph            %s, %,d tokens%n", config.graph(), config.tokens());
      out.printf("noise            %s%n", config.noise());
      out.printf("network          %s%n", config.model());
      out.printf(
          Locale.ROOT,
          "parameters       %,d%n",
          new ParameterLayout(NetworkShape.of(config)).parameters());
      out.printf(
          "tokenizer        %s%n", config.tokenizer().isEmpty() ? "none" : config.tokenizer());
      manifest(folder).ifPresent(manifest -> print(out, manifest));
      if (tensors) {
        model.shapes().forEach((name, shape) -> out.println(name + " " + Arrays.toString(shape)));
      }
    }
    out.flush();
  }

  private static Optional<CheckpointManifest> manifest(Path folder) throws IOException {
    return Files.exists(folder.resolve(Checkpoint.MANIFEST_FILE))
        ? Checkpoint.open(folder).manifest()
        : Optional.empty();
  }

  private static void print(PrintWriter out, CheckpointManifest manifest) {
    out.printf(Locale.ROOT, "step             %,d, %s%n", manifest.step(), manifest.time());
    new TreeMap<>(manifest.evaluation())
        .forEach((name, figure) -> out.printf(Locale.ROOT, "%-32s %.4f%n", name, figure));
    new TreeMap<>(manifest.files())
        .forEach(
            (name, file) ->
                out.printf(
                    Locale.ROOT, "%-32s %,d bytes, %s%n", name, file.bytes(), file.sha256()));
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Checks sizes, hashes, shapes and numbers; exit code 1 if anything is wrong.")
  void verify(@Parameters(paramLabel = "FOLDER", description = "A checkpoint.") Path folder)
      throws IOException {
    Checkpoint checkpoint = Checkpoint.open(folder);
    checkpoint.verifyWithTraining();
    try (ForeignModel model = Conversion.open(folder)) {
      Conversion.check(model);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s is whole: %s%n",
            folder,
            checkpoint.manifest().isPresent()
                ? "sizes, hashes, shapes and numbers"
                : "shapes and numbers; it has no manifest with sizes and hashes");
    spec.commandLine().getOut().flush();
  }

  @Command(
      name = "convert",
      mixinStandardHelpOptions = true,
      description =
          "Writes a network in the hub's layout (model.safetensors, config.json), which the"
              + " official code loads. Nothing of a PyTorch file is run.")
  void convert(
      @Parameters(paramLabel = "SOURCE", description = "Folder of a run or a model.") Path source,
      @Parameters(paramLabel = "TARGET", description = "A new folder.") Path target,
      @Option(
              names = "--type",
              defaultValue = "F32",
              description = "f32 or bf16 (default: ${DEFAULT-VALUE}).")
          TensorType type)
      throws IOException {
    if (type != TensorType.F32 && type != TensorType.BF16) {
      throw new ParameterException(spec.commandLine(), "--type is f32 or bf16, not " + type);
    }
    try (ForeignModel model = Conversion.open(source)) {
      Conversion.write(model, target, type);
      spec.commandLine().getOut().printf("%s: %s%n", target, model.description());
      spec.commandLine().getOut().flush();
    }
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      description =
          "Copies a checkpoint into a store, verified, with a manifest, and makes it the latest"
              + " that workers load.")
  void publish(
      @Parameters(paramLabel = "FOLDER", description = "A checkpoint.") Path folder,
      @Option(names = "--to", required = true, description = "Folder of the store.") Path store,
      @Option(names = "--name", description = "Its name there; default: the folder's.")
          Optional<String> name)
      throws IOException {
    Checkpoint published =
        Publication.publish(
            Checkpoint.open(folder), new FileSystemCheckpointStore(store), name, Instant.now());
    spec.commandLine().getOut().printf("%s is the latest of %s%n", published.name(), store);
    spec.commandLine().getOut().flush();
  }
}
