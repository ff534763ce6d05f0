package io.sedd.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One {@code graph_*.safetensors} of the golden set with its parameters. A row is one position of
 * one sequence; rows run through the batch sequence by sequence.
 *
 * @param name the file's name without its ending
 * @param graph the process that the numbers are of
 * @param noise its schedule
 * @param dt length of a sampler step
 */
public record GoldenGraph(
    String name, Graph graph, NoiseSchedule noise, double dt, Safetensors numbers)
    implements AutoCloseable {

  /** Opens a file; its parameters stand in {@code meta.json} under its name. */
  public static GoldenGraph open(Path file) {
    String name = file.getFileName().toString().replace(".safetensors", "");
    JsonNode meta = GoldenFiles.json(GoldenFiles.root().resolve("meta.json")).required(name);
    int tokens = meta.required("tokens").asInt();
    boolean masks = meta.required("dim").asInt() == tokens + 1;
    return new GoldenGraph(
        name,
        masks ? new Graph.Absorbing(tokens) : new Graph.Uniform(tokens),
        GoldenNoise.of(meta.required("noise")),
        meta.required("dt").asDouble(),
        GoldenFiles.open(file));
  }

  /** Noisy state of every row. */
  public int[] x() {
    return integers("x");
  }

  /** Clean token of every row. */
  public int[] x0() {
    return integers("x0");
  }

  /** Number of sequences B. */
  public int sequences() {
    return (int) numbers.entry("x").shape()[0];
  }

  /** Number of rows, B · L. */
  public int rows() {
    return Math.toIntExact(numbers.entry("x").elements());
  }

  /** A number per sequence, repeated for each of its rows. */
  public double[] perRow(String tensor) {
    double[] values = numbers.readDoubles(tensor);
    double[] rows = new double[rows()];
    Arrays.setAll(rows, r -> values[r / (rows.length / values.length)]);
    return rows;
  }

  /** The last dimension of a tensor, one array for every row. */
  public double[][] vectors(String tensor) {
    double[] values = numbers.readDoubles(tensor);
    int width = values.length / rows();
    double[][] vectors = new double[rows()][];
    Arrays.setAll(vectors, r -> Arrays.copyOfRange(values, r * width, (r + 1) * width));
    return vectors;
  }

  /** An integer tensor. */
  public int[] integers(String tensor) {
    return GoldenFiles.integers(numbers, tensor);
  }

  @Override
  public void close() {
    numbers.close();
  }
}
