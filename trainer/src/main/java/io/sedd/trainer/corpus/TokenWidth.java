package io.sedd.trainer.corpus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a shard's file has its tokens: unsigned, little-endian, nothing before or between them. */
enum TokenWidth {
  /** For up to 65,536 tokens. */
  U16(Short.BYTES) {
    private static final ValueLayout.OfShort LAYOUT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    void write(int token, ByteBuffer to) {
      to.putShort((short) token);
    }

    @Override
    int read(MemorySegment from, long index) {
      return Short.toUnsignedInt(from.get(LAYOUT, Short.BYTES * index));
    }
  },
  /** For larger vocabularies. */
  U32(Integer.BYTES) {
    private static final ValueLayout.OfInt LAYOUT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    void write(int token, ByteBuffer to) {
      to.putInt(token);
    }

    @Override
    int read(MemorySegment from, long index) {
      return from.get(LAYOUT, Integer.BYTES * index);
    }
  };

  private static final int U16_TOKENS = 1 << Short.SIZE;

  private final int bytes;

  TokenWidth(int bytes) {
    this.bytes = bytes;
  }

  static TokenWidth of(int vocabulary) {
    return vocabulary <= U16_TOKENS ? U16 : U32;
  }

  int bytes() {
    return bytes;
  }

  /** A token at the place of a little-endian buffer. */
  abstract void write(int token, ByteBuffer to);

  /** The token at an index. */
  abstract int read(MemorySegment from, long index);
}
