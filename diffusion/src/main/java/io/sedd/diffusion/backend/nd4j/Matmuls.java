package io.sedd.diffusion.backend.nd4j;

import static io.sedd.diffusion.backend.nd4j.OneDnn.check;

import io.sedd.diffusion.backend.nd4j.Operand.Order;
import io.sedd.diffusion.backend.nd4j.Operand.Type;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Makes oneDNN's matmul primitives and keeps them by shape: one takes half a millisecond to make.
 * They stay for as long as the process, some kilobytes each: only the scratch is given back. Used
 * by the thread whose turn it is.
 */
final class Matmuls implements AutoCloseable {

  /**
   * One piece of a product: C [m, n] = A [m, k] B [k, n], or the same added to C.
   *
   * @param lda numbers from one row of A (or column, by its order) to the next
   */
  record Shape(
      int m, int k, int n, Operand a, long lda, Operand b, long ldb, long ldc, boolean adds) {}

  /** A packed stripe of a weight. */
  private record Stripe(int k, int n, Type type) {}

  /** The layout of packed weights is the one that the library prefers for so many rows. */
  private static final int ROWS_OF_LAYOUT = 256;

  private static final int[] PRODUCT = {
    dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_WEIGHTS, dnnl.DNNL_ARG_DST, dnnl.DNNL_ARG_SCRATCHPAD
  };
  private static final int[] REORDER = {
    dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO, dnnl.DNNL_ARG_SCRATCHPAD
  };

  private final OneDnn library;
  private final Scratch scratch;
  private final dnnl_engine engine = new dnnl_engine();
  private final long[] streams;
  private final Map<Shape, Matmul> products = new HashMap<>();
  private final Map<Stripe, dnnl_memory_desc> layouts = new HashMap<>();
  private final Map<Stripe, Matmul> packers = new HashMap<>();

  /**
   * @param scratch of one stretch a worker, owned from here on
   */
  Matmuls(OneDnn library, Scratch scratch, int workers) {
    this.library = library;
    this.scratch = scratch;
    check("an engine", dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0));
    this.streams = new long[workers];
    for (int worker = 0; worker < workers; worker++) {
      dnnl_stream stream = new dnnl_stream();
      check("a stream", dnnl.dnnl_stream_create(stream, engine, dnnl.dnnl_stream_default_flags));
      streams[worker] = stream.address();
    }
  }

  @Override
  public void close() {
    scratch.close();
  }

  OneDnn library() {
    return library;
  }

  dnnl_engine engine() {
    return engine;
  }

  long[] streams() {
    return streams;
  }

  /** The primitive for a piece. */
  Matmul product(Shape shape) {
    return products.computeIfAbsent(shape, this::make);
  }

  /** Bytes of a packed stripe of n columns. */
  long packedBytes(int k, int n, Type type) {
    return dnnl.dnnl_memory_desc_get_size(layout(new Stripe(k, n, type)));
  }

  /** The primitive that packs a stripe from the order of columns. */
  Matmul packer(int k, int n, Type type) {
    return packers.computeIfAbsent(
        new Stripe(k, n, type),
        stripe -> {
          library.keepToThisThread();
          dnnl_memory_desc from = plain(type, k, n, Order.COLUMNS, k);
          dnnl_memory_desc to = layout(stripe);
          dnnl_primitive_desc description = new dnnl_primitive_desc();
          check(
              "to pack a weight",
              dnnl.dnnl_reorder_primitive_desc_create(
                  description, from, engine, to, engine, attributes(false)));
          return made(description, REORDER, from, to);
        });
  }

  private dnnl_memory_desc layout(Stripe stripe) {
    return layouts.computeIfAbsent(
        stripe,
        key -> {
          library.keepToThisThread();
          dnnl_memory_desc any = new dnnl_memory_desc();
          check(
              "a layout",
              dnnl.dnnl_memory_desc_create_with_tag(
                  any,
                  2,
                  new long[] {key.k(), key.n()},
                  key.type().code(),
                  dnnl.dnnl_format_tag_any));
          dnnl_primitive_desc description =
              describe(
                  plain(key.type(), ROWS_OF_LAYOUT, key.k(), Order.ROWS, key.k()),
                  any,
                  plain(Type.F32, ROWS_OF_LAYOUT, key.n(), Order.ROWS, key.n()),
                  false);
          return dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_weights_md, 0);
        });
  }

  private Matmul make(Shape shape) {
    library.keepToThisThread();
    dnnl_memory_desc a =
        plain(shape.a().type(), shape.m(), shape.k(), shape.a().order(), shape.lda());
    dnnl_memory_desc b =
        shape.b().order() == Order.PACKED
            ? layout(new Stripe(shape.k(), shape.n(), shape.b().type()))
            : plain(shape.b().type(), shape.k(), shape.n(), shape.b().order(), shape.ldb());
    dnnl_memory_desc c = plain(Type.F32, shape.m(), shape.n(), Order.ROWS, shape.ldc());
    return made(describe(a, b, c, shape.adds()), PRODUCT, a, b, c);
  }

  private dnnl_primitive_desc describe(
      dnnl_memory_desc a, dnnl_memory_desc b, dnnl_memory_desc c, boolean adds) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        "a product of these types",
        dnnl.dnnl_matmul_primitive_desc_create(
            description, engine, a, b, null, c, attributes(adds)));
    return description;
  }

  private Matmul made(dnnl_primitive_desc description, int[] numbers, dnnl_memory_desc... some) {
    dnnl_primitive primitive = new dnnl_primitive();
    check("to make a primitive", dnnl.dnnl_primitive_create(primitive, description));
    dnnl_memory_desc[] all = java.util.Arrays.copyOf(some, some.length + 1);
    all[some.length] =
        dnnl.dnnl_primitive_desc_query_md(description, dnnl.dnnl_query_scratchpad_md, 0);
    return new Matmul(this, primitive.address(), numbers, all, scratch, Arena.global());
  }

  private static dnnl_primitive_attr attributes(boolean adds) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    check("attributes", dnnl.dnnl_primitive_attr_create(attributes));
    check(
        "a scratch of ours",
        dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user));
    if (adds) {
      dnnl_post_ops sum = new dnnl_post_ops();
      check("a sum", dnnl.dnnl_post_ops_create(sum));
      check("a sum", dnnl.dnnl_post_ops_append_sum(sum, 1, 0, 0));
      check("a sum", dnnl.dnnl_primitive_attr_set_post_ops(attributes, sum));
    }
    return attributes;
  }

  private static dnnl_memory_desc plain(Type type, int rows, int columns, Order order, long step) {
    dnnl_memory_desc description = new dnnl_memory_desc();
    long[] strides = order == Order.ROWS ? new long[] {step, 1} : new long[] {1, step};
    check(
        "a matrix",
        dnnl.dnnl_memory_desc_create_with_strides(
            description, 2, new long[] {rows, columns}, type.code(), strides));
    return description;
  }
}
