package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.protocol.checkpoint.SafetensorsWriter;
import io.sedd.protocol.checkpoint.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A network's parameters as a safetensors file under the official names. */
public final class WeightFile {

  /**
   * A buffer of the official module that follows from the shape: written for its sake, not read.
   */
  public static final String ROTARY = "rotary_emb.inv_freq";

  private WeightFile() {}

  /**
   * Reads the parameters of a network of the given shape.
   *
   * @return weights in the backend's memory, owned by the caller
   * @throws CheckpointException if a tensor is missing, unknown, of another shape, or not finite
   */
  public static Parameters read(Safetensors file, NetworkShape shape, Backend backend) {
    requireFit(file, shape);
    Parameters parameters = Parameters.create(shape, backend);
    try {
      for (String name : parameters.names()) {
        Tensor tensor = parameters.tensor(name);
        copy(file, name, tensor, backend);
        if (!Double.isFinite(backend.sumOfSquares(tensor))) {
          throw new CheckpointException(
              file.file() + ": tensor '" + name + "' holds numbers that are not finite");
        }
      }
      return parameters;
    } catch (RuntimeException e) {
      parameters.close();
      throw e;
    }
  }

  /** Before any memory is taken: a config can ask for a network of any size. */
  private static void requireFit(Safetensors file, NetworkShape shape) {
    if (shape.blocks() > file.names().size()) {
      throw new CheckpointException(
          "%s: has %d tensors, fewer than the %d blocks that config.json gives"
              .formatted(file.file(), file.names().size(), shape.blocks()));
    }
    Map<String, ParameterLayout.Place> places = new ParameterLayout(shape).places();
    refuseOtherNames(file, places.keySet());
    places.forEach((name, place) -> file.entry(name, place.dimensions()));
  }

  private static void refuseOtherNames(Safetensors file, Set<String> names) {
    Set<String> unknown = new TreeSet<>(file.names());
    unknown.removeAll(names);
    unknown.remove(ROTARY);
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          file.file()
              + ": tensors "
              + unknown
              + " do not belong to a network of the shape that config.json gives");
    }
  }

  private static void copy(Safetensors file, String name, Tensor tensor, Backend backend) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(4 * tensor.size(), 64);
      file.copyFloats(name, values);
      backend.write(values, tensor);
    }
  }

  /**
   * Writes the parameters.
   *
   * @param type how the numbers are stored: F32, or BF16 rounded to nearest even
   */
  public static void write(
      Path file, Parameters parameters, NetworkShape shape, TensorType type, Backend backend)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.addMetadata("format", "pt");
    for (String name : parameters.names()) {
      long[] dimensions = parameters.layout().places().get(name).dimensions();
      writer.addFloats(
          name, type, target -> backend.read(parameters.tensor(name), target), dimensions);
    }
    writer.addFloats(ROTARY, rotaryFrequencies(shape.headSize()), shape.headSize() / 2);
    writer.writeTo(file);
  }

  /** 10000^(-2j/d). */
  private static float[] rotaryFrequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = (float) Math.pow(10_000, -2.0 * j / headSize);
    }
    return frequencies;
  }
}
