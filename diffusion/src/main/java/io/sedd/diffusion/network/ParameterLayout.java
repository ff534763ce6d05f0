package io.sedd.diffusion.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names, shapes and places of a network's parameters in one flat vector, in the official order and
 * with the official names. Each begins at a multiple of {@value #ALIGNMENT} elements, so that
 * vector loads are aligned; the gaps stay 0.
 */
public final class ParameterLayout {

  /** Elements; 64 bytes of fp32, one cache line and one AVX-512 register. */
  static final int ALIGNMENT = 16;

  /** The matrix of tokens: looked up and not multiplied with. */
  private static final String EMBEDDING = "vocab_embed.embedding";

  /** The matrix of learned positions, looked up too. */
  static final String POSITIONS = "position_embed.embedding";

  /**
   * Where a parameter lies.
   *
   * @param offset of its first element
   * @param rows its first dimension; 1 for vectors
   * @param columns its last dimension
   * @param vector whether the official tensor has one dimension only
   */
  public record Place(long offset, int rows, int columns, boolean vector) {

    /** The official tensor's dimensions. */
    public long[] dimensions() {
      return vector ? new long[] {columns} : new long[] {rows, columns};
    }
  }

  private final Map<String, Place> places = new LinkedHashMap<>();
  private long size;

  /** The parameters of a network of the given shape. */
  public ParameterLayout(NetworkShape shape) {
    int h = shape.hidden();
    int cond = shape.conditioning();
    matrix(EMBEDDING, shape.states(), h);
    if (!shape.architecture().rotary()) {
      matrix(POSITIONS, shape.length(), h);
    }
    linear("sigma_map.mlp.0", cond, NetworkShape.FREQUENCIES);
    linear("sigma_map.mlp.2", cond, cond);
    for (int n = 0; n < shape.blocks(); n++) {
      String block = "blocks." + n + ".";
      vector(block + "norm1.weight", h);
      matrix(block + "attn_qkv.weight", 3 * h, h);
      if (shape.architecture().attentionBiases()) {
        vector(block + "attn_qkv.bias", 3 * h);
      }
      matrix(block + "attn_out.weight", h, h);
      if (shape.architecture().attentionBiases()) {
        vector(block + "attn_out.bias", h);
      }
      vector(block + "norm2.weight", h);
      linear(block + "mlp.0", NetworkShape.MLP_RATIO * h, h);
      linear(block + "mlp.2", h, NetworkShape.MLP_RATIO * h);
      linear(block + "adaLN_modulation", 6 * h, cond);
    }
    vector("output_layer.norm_final.weight", h);
    linear("output_layer.linear", shape.states(), h);
    linear("output_layer.adaLN_modulation", 2 * h, cond);
  }

  private void linear(String name, int out, int in) {
    matrix(name + ".weight", out, in);
    vector(name + ".bias", out);
  }

  private void matrix(String name, int rows, int columns) {
    place(name, rows, columns, false);
  }

  private void vector(String name, int columns) {
    place(name, 1, columns, true);
  }

  private void place(String name, int rows, int columns, boolean vector) {
    places.put(name, new Place(size, rows, columns, vector));
    long end = size + (long) rows * columns;
    size = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** All places by name, in the official order. */
  public Map<String, Place> places() {
    return Collections.unmodifiableMap(places);
  }

  /** Length of the flat vector, gaps included. */
  public int size() {
    return Math.toIntExact(size);
  }

  /** Number of parameters, gaps not counted. */
  public long parameters() {
    return places.values().stream().mapToLong(p -> (long) p.rows() * p.columns()).sum();
  }
}
