package io.sedd.cuda.kernels;

import static io.sedd.cuda.kernels.Device.fp32;
import static io.sedd.cuda.kernels.Device.ifKept;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.RowLayout;

/**
 * softmax(q kᵀ/√d) v inside each sequence and its gradients, on tensor cores; qkv [R, 3h], mix [R,
 * h], logSums [R, heads]; qkv and mix fp32 or bf16. q, k, v and the gradient of the mix are rounded
 * to bf16, and so are the weights and their gradients between two products; sums are fp32.
 */
final class AttentionKernels {

  private static final String FORWARD = "attention_forward.cu";
  private static final String BACKWARD = "attention_backward.cu";

  /** Bytes that one copy of a tile's piece moves. */
  private static final int ALIGNMENT = 16;

  /** Queries (of the gradient of k and v: keys) of one block of threads. */
  static final int TILE = 64;

  /** Above it the kernels' registers would no longer hold a row of results. */
  private static final int LARGEST_HEAD = 128;

  private static final int THREADS = 128;
  private static final int WARPS = 4;
  private static final int PACK_THREADS = 256;

  /** Keys (or queries) that are in shared memory at once, in two stages of two tiles each. */
  private static final int BACKWARD_INNER = 32;

  private static final int STAGED_TILES = 4;

  private final Device device;
  private final LayoutTables layouts;
  private final ElementKernels elements;

  AttentionKernels(Device device, LayoutTables layouts, ElementKernels elements) {
    this.device = device;
    this.layouts = layouts;
    this.elements = elements;
  }

  /** The size of a head in packed rows: tensor cores take 16 inner columns at once. */
  static int padded(int headSize) {
    return Math.ceilDiv(headSize, 16) * 16;
  }

  void attend(
      CudaTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      CudaTensor logSums,
      CudaTensor mix) {
    if (mix.size() == 0) {
      return;
    }
    int headSize = headSize(mix, heads);
    int head = padded(headSize);
    int inner = head <= 64 ? 64 : 32;
    LayoutTables.Tables tables = layouts.of(layout);
    try (Device.Scope _ = device.scope()) {
      device.launch(
          FORWARD,
          head,
          "attention_forward",
          new Grid(tables.tileCount(), heads, 1, THREADS, 1, 1),
          staged(inner, head),
          new KernelArguments()
              .address(packed(qkv, 3 * heads, headSize))
              .address(tables.tiles())
              .address(tables.starts())
              .int32(heads)
              .int32(headSize)
              .float32(scale(headSize))
              .int32(causal(mask))
              .address(fp32(logSums))
              .address(ifKept(Element.F32, mix))
              .address(ifKept(Element.BF16, mix)));
    }
  }

  void attendBackward(
      CudaTensor dMix,
      CudaTensor qkv,
      CudaTensor mix,
      CudaTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      CudaTensor dqkv) {
    if (mix.size() == 0) {
      return;
    }
    int headSize = headSize(mix, heads);
    int head = padded(headSize);
    LayoutTables.Tables tables = layouts.of(layout);
    try (Device.Scope _ = device.scope()) {
      long packed = packed(qkv, 3 * heads, headSize);
      long packedGradient = packed(dMix, heads, headSize);
      CudaTensor terms = device.take(Element.F32, 2 * heads, mix.rows());
      device.launch(
          BACKWARD,
          head,
          "attention_terms",
          Grid.plane(Math.ceilDiv(mix.rows(), WARPS), heads, THREADS),
          0,
          new KernelArguments()
              .address(fp32(dMix))
              .address(ifKept(Element.F32, mix))
              .address(ifKept(Element.BF16, mix))
              .address(fp32(logSums))
              .address(terms.address())
              .int32(mix.rows())
              .int32(heads)
              .int32(headSize));
      for (String kernel : new String[] {"attention_backward_keys", "attention_backward_queries"}) {
        device.launch(
            BACKWARD,
            head,
            kernel,
            Grid.plane(tables.tileCount(), heads, THREADS),
            staged(BACKWARD_INNER, head),
            new KernelArguments()
                .address(packed)
                .address(packedGradient)
                .address(terms.address())
                .address(tables.tiles())
                .address(tables.starts())
                .int32(mix.rows())
                .int32(heads)
                .int32(headSize)
                .float32(scale(headSize))
                .int32(causal(mask))
                .address(fp32(dqkv)));
      }
    }
  }

  /**
   * The rows in bf16, each of so many heads of the padded size: as they are if they are kept so,
   * else a copy in scratch memory.
   */
  private long packed(CudaTensor source, int parts, int headSize) {
    int head = padded(headSize);
    boolean bf16 = source.element() == Element.BF16;
    if (bf16 && head == headSize && source.address() % ALIGNMENT == 0) {
      return source.address();
    }
    CudaTensor wide = source;
    if (bf16) {
      wide = device.take(Element.F32, source.rows(), source.columns());
      elements.widen(source, wide);
    }
    CudaTensor target = device.take(Element.BF16, source.rows(), parts * head);
    device.launch(
        FORWARD,
        head,
        "attention_pack",
        Grid.line(source.rows(), PACK_THREADS),
        0,
        new KernelArguments()
            .address(fp32(wide))
            .address(target.address())
            .int32(parts)
            .int32(headSize));
    return target.address();
  }

  private static int headSize(CudaTensor mix, int heads) {
    int headSize = mix.columns() / heads;
    if (headSize > LARGEST_HEAD) {
      throw new IllegalArgumentException(
          "attend: heads of %d columns; the cuda backend has kernels for at most %d"
              .formatted(headSize, LARGEST_HEAD));
    }
    return headSize;
  }

  /** Bytes of shared memory; a row has 8 numbers behind it. */
  private static int staged(int inner, int head) {
    return STAGED_TILES * inner * (head + 8) * Element.BF16.bytes();
  }

  private static float scale(int headSize) {
    return (float) (1 / Math.sqrt(headSize));
  }

  private static int causal(AttentionMask mask) {
    return switch (mask) {
      case NONE -> 0;
      case CAUSAL -> 1;
    };
  }
}
