package io.sedd.diffusion.backend.nd4j;

import org.bytedeco.dnnl.global.dnnl;

/** How a factor of a product is stored. */
record Operand(Type type, Order order) {

  /** Of its numbers. */
  enum Type {
    F32(4, dnnl.dnnl_f32),
    BF16(2, dnnl.dnnl_bf16);

    private final int bytes;
    private final int code;

    Type(int bytes, int code) {
      this.bytes = bytes;
      this.code = code;
    }

    /** Bytes of one number. */
    int bytes() {
      return bytes;
    }

    /** The library's number for it. */
    int code() {
      return code;
    }
  }

  /** Of its numbers in memory. */
  enum Order {
    /** Row after row. */
    ROWS,
    /** Column after column: the transpose, row after row. */
    COLUMNS,
    /** As the library likes it best, in stripes of columns. */
    PACKED
  }
}
