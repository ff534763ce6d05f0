package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What moves numbers: within the device, and between it and the host. To and from the host they go
 * through arrays of their own: ND4J copies a view's whole array.
 */
final class MemoryKernels {

  /** Rows of scores that come to the host at once: 13 MB for GPT-2's vocabulary. */
  private static final int DRAWN_AT_ONCE = 64;

  private final Device device;

  MemoryKernels(Device device) {
    this.device = device;
  }

  void write(MemorySegment source, OpsTensor target) {
    for (Chunk chunk : Chunk.ofElements(target.size())) {
      float[] values = new float[chunk.rows()];
      MemorySegment.copy(
          source,
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          (long) chunk.first() * Float.BYTES,
          values,
          0,
          values.length);
      try (Scope scope = device.scope()) {
        INDArray part = target.span(chunk.first(), chunk.rows());
        Ops.assign(scope.of(values).reshape('c', 1, values.length), part);
      }
    }
  }

  void read(OpsTensor source, MemorySegment target) {
    for (Chunk chunk : Chunk.ofElements(source.size())) {
      try (Scope scope = device.scope()) {
        MemorySegment.copy(
            onHost(scope, source.span(chunk.first(), chunk.rows())),
            0,
            target,
            (long) chunk.first() * Float.BYTES,
            (long) chunk.rows() * Float.BYTES);
      }
    }
  }

  private static MemorySegment onHost(Scope scope, INDArray view) {
    INDArray copy = scope.floats(view.shape());
    Ops.assign(view, copy);
    return Scope.onHost(copy);
  }

  void fill(OpsTensor target, float value) {
    if (target.isEmpty()) {
      return;
    }
    try (Scope _ = device.scope()) {
      Ops.fill(target.array(), value);
    }
  }

  void copy(OpsTensor source, OpsTensor target) {
    if (source.isEmpty()) {
      return;
    }
    try (Scope _ = device.scope()) {
      Ops.assign(all(source), all(target));
    }
  }

  void add(OpsTensor source, OpsTensor target) {
    if (source.isEmpty()) {
      return;
    }
    try (Scope _ = device.scope()) {
      INDArray sum = all(target);
      Ops.add(sum, all(source), sum);
    }
  }

  private static INDArray all(OpsTensor tensor) {
    return tensor.span(0, Math.toIntExact(tensor.size()));
  }

  void draw(
      HostDraw draw,
      OpsTensor logits,
      RowLayout layout,
      int[] own,
      List<DrawRule> rules,
      int[] drawn) {
    for (Chunk chunk : Chunk.atMost(DRAWN_AT_ONCE, logits.rows())) {
      try (Scope scope = device.scope()) {
        MemorySegment rows = onHost(scope, logits.rows(chunk.first(), chunk.rows()));
        draw.draw(rows, logits.columns(), layout, chunk.first(), chunk.rows(), own, rules, drawn);
      }
    }
  }
}
