package io.sedd.trainer.conversion;

import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ParameterLayout;
import io.sedd.diffusion.network.WeightFile;
import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointConfigJson;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.SafetensorsWriter;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Reads what others saved and writes it in the hub's layout, which the official code loads. */
public final class Conversion {

  private Conversion() {}

  /**
   * Opens a folder of any known layout: an official run, {@code pytorch_model.bin}, {@code
   * model.safetensors}.
   *
   * @throws CheckpointException if it is none of them, or breaks its format
   */
  public static ForeignModel open(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(TorchModel.RUN_WEIGHTS))) {
      return TorchModel.ofRun(folder);
    }
    if (Files.isRegularFile(folder.resolve(Checkpoint.MODEL_FILE))) {
      return new SafetensorsModel(folder);
    }
    if (Files.isRegularFile(folder.resolve(TorchModel.BIN))) {
      return TorchModel.ofBin(folder);
    }
    throw new CheckpointException(
        "%s: has none of %s, %s, %s; give the folder of a run or of a model"
            .formatted(folder, TorchModel.RUN_WEIGHTS, Checkpoint.MODEL_FILE, TorchModel.BIN));
  }

  /**
   * Writes {@code model.safetensors} and {@code config.json} to a new folder.
   *
   * @param type F32 or BF16
   * @throws CheckpointException if a tensor is missing, of another shape, or not finite
   * @throws FileAlreadyExistsException if there is such a folder and it is not empty
   */
  public static void write(ForeignModel model, Path folder, TensorType type) throws IOException {
    Map<String, ParameterLayout.Place> places =
        new ParameterLayout(NetworkShape.of(model.config())).places();
    requireSameTensors(model, places);
    Files.createDirectories(folder);
    try (var present = Files.list(folder)) {
      if (present.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            folder + ": is not empty; name a new folder, nothing is overwritten");
      }
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata("format", "pt");
    places.forEach(
        (name, place) ->
            writer.addFloats(name, type, target -> copy(model, name, target), place.dimensions()));
    if (model.shapes().containsKey(WeightFile.ROTARY)) {
      long[] shape = model.shapes().get(WeightFile.ROTARY);
      writer.addFloats(
          WeightFile.ROTARY,
          TensorType.F32,
          target -> copy(model, WeightFile.ROTARY, target),
          shape);
    }
    writer.writeTo(folder.resolve(Checkpoint.MODEL_FILE));
    CheckpointConfigJson.write(model.config(), folder.resolve(Checkpoint.CONFIG_FILE));
  }

  /**
   * Reads every tensor.
   *
   * @throws CheckpointException if one is missing, of another shape, or not finite
   */
  public static void check(ForeignModel model) throws IOException {
    Map<String, ParameterLayout.Place> places =
        new ParameterLayout(NetworkShape.of(model.config())).places();
    requireSameTensors(model, places);
    places.forEach(
        (name, place) -> {
          try (Arena arena = Arena.ofConfined()) {
            copy(model, name, arena.allocate(4L * place.rows() * place.columns(), 64));
          }
        });
  }

  private static void requireSameTensors(
      ForeignModel model, Map<String, ParameterLayout.Place> places) {
    Map<String, long[]> shapes = model.shapes();
    places.forEach(
        (name, place) -> {
          long[] shape = shapes.get(name);
          if (shape == null || !Arrays.equals(shape, place.dimensions())) {
            throw new CheckpointException(
                "tensor '%s' is %s where the configuration asks for %s"
                    .formatted(
                        name,
                        shape == null ? "missing" : Arrays.toString(shape),
                        Arrays.toString(place.dimensions())));
          }
        });
    shapes.keySet().stream()
        .filter(name -> !places.containsKey(name) && !name.equals(WeightFile.ROTARY))
        .findFirst()
        .ifPresent(
            name -> {
              throw new CheckpointException(
                  "tensor '" + name + "' belongs to no network of the configured shape");
            });
  }

  private static void copy(ForeignModel model, String name, MemorySegment target) {
    try {
      model.copyFloats(name, target);
    } catch (IOException e) {
      throw new UncheckedIOException("tensor '" + name + "' cannot be read", e);
    }
    for (long i = 0; i < target.byteSize(); i += Float.BYTES) {
      if (!Float.isFinite(target.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i))) {
        throw new CheckpointException(
            "tensor '" + name + "' holds a number that is not finite, at element " + i / 4);
      }
    }
  }
}
