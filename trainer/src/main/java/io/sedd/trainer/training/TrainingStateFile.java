package io.sedd.trainer.training;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.network.ParameterLayout;
import io.sedd.diffusion.network.Parameters;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.SafetensorsWriter;
import io.sedd.protocol.checkpoint.TensorType;
import io.sedd.trainer.optimizer.OptimizerState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run needs to go on exactly: raw weights, moments and moving average in full precision, the
 * step, and what the run's data and randomness follow from. One safetensors file; its tensors are
 * {@code parameter.NAME}, {@code first_moment.NAME}, {@code second_moment.NAME}, {@code
 * average.NAME}.
 */
public final class TrainingStateFile {

  /** Name of the file in a checkpoint's training folder. */
  public static final String NAME = "state.safetensors";

  private static final String STEP = "step";

  private TrainingStateFile() {}

  /** Writes a new file into a new folder. */
  public static void write(Path folder, OptimizerState state, RunIdentity run, Backend backend)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata(STEP, Integer.toString(state.step()));
    run.facts().forEach(writer::addMetadata);
    parts(state)
        .forEach(
            (part, parameters) ->
                parameters
                    .layout()
                    .places()
                    .forEach((name, place) -> add(writer, part, name, place, parameters, backend)));
    Files.createDirectories(folder);
    writer.writeTo(folder.resolve(NAME));
  }

  private static void add(
      SafetensorsWriter writer,
      String part,
      String name,
      ParameterLayout.Place place,
      Parameters parameters,
      Backend backend) {
    writer.addFloats(
        part + "." + name,
        TensorType.F32,
        target -> backend.read(parameters.tensor(name), target),
        place.dimensions());
  }

  /** Whether a training folder holds a state. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(NAME));
  }

  /**
   * Reads a state into the tensors of {@code state}.
   *
   * @param run what the run that goes on is made of
   * @throws CheckpointException if the file belongs to another network or another run, naming what
   *     differs
   */
  public static void read(Path folder, OptimizerState state, RunIdentity run, Backend backend)
      throws IOException {
    try (Safetensors file = Safetensors.open(folder.resolve(NAME))) {
      run.requireSameAs(file.metadata(), file.file());
      parts(state)
          .forEach(
              (part, parameters) ->
                  parameters
                      .layout()
                      .places()
                      .forEach(
                          (name, place) ->
                              copy(file, part, name, place, parameters.tensor(name), backend)));
      state.resumeAt(step(file));
    }
  }

  private static void copy(
      Safetensors file,
      String part,
      String name,
      ParameterLayout.Place place,
      Tensor tensor,
      Backend backend) {
    String full = part + "." + name;
    file.entry(full, place.dimensions());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(4 * tensor.size(), 64);
      file.copyFloats(full, values);
      backend.write(values, tensor);
    }
  }

  private static int step(Safetensors file) {
    String step = file.metadata().getOrDefault(STEP, "");
    try {
      return Integer.parseInt(step);
    } catch (NumberFormatException e) {
      throw new CheckpointException(
          file.file() + ": its metadata gives the step '" + step + "', which is no number", e);
    }
  }

  private static Map<String, Parameters> parts(OptimizerState state) {
    Map<String, Parameters> parts = new LinkedHashMap<>();
    parts.put("parameter", state.parameters());
    parts.put("first_moment", state.firstMoment());
    parts.put("second_moment", state.secondMoment());
    parts.put("average", state.average());
    return parts;
  }
}
