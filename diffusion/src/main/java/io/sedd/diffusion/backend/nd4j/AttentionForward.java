package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;

/**
 * softmax(q kᵀ/√d) v, one task a sequence and head: a tile of some queries by all keys at a time,
 * so that scores never leave the cache.
 */
final class AttentionForward {

  private final RowKernels rows;
  private final RowPool pool;
  private final Scratch own;

  AttentionForward(RowKernels rows, RowPool pool, Scratch own) {
    this.rows = rows;
    this.pool = pool;
    this.own = own;
  }

  void attend(Nd4jTensor qkv, int heads, RowLayout layout, Nd4jTensor logSums, Nd4jTensor mix) {
    int size = mix.columns() / heads;
    pool.run(
        layout.sequences() * heads,
        (task, worker) -> {
          Head head = Head.of(layout, task / heads, task % heads, size, rows.lanes());
          if (head.length() > 0) {
            attend(head, qkv, logSums, task % heads, mix, worker);
          }
        });
  }

  private void attend(
      Head head, Nd4jTensor qkv, Nd4jTensor logSums, int number, Nd4jTensor mix, int worker) {
    int hidden = mix.columns();
    int width = head.paddedLength();
    int block = Math.min(head.block(), head.length());
    long keys = own.address(worker, numbers(head, block));
    long values = keys + 4L * head.size() * width;
    long tile = values + 4L * head.length() * head.paddedSize();
    long mixed = tile + 4L * block * width;
    float factor = (float) (1 / Math.sqrt(head.size()));
    head.packTransposed(qkv, hidden, keys);
    head.pack(qkv, 2 * hidden, 0, head.length(), values, rows.spans());
    for (int from = 0; from < head.length(); from += block) {
      int count = Math.min(block, head.length() - from);
      long queries = head.at(qkv, 0, from);
      rows.tiles()
          .multiply(
              queries,
              qkv.stride(),
              4,
              keys,
              4L * width,
              tile,
              4L * width,
              count,
              width,
              head.size(),
              false);
      long outWidth = 4L * head.paddedSize();
      for (int i = 0; i < count; i++) {
        long row = tile + 4L * width * i;
        float sum = softmax(head, row, factor, logSums, from + i, number);
        // the row's sum is kept where its result will be scaled
        Memory.set(mixed + 4L * block * head.paddedSize() + 4L * i, sum);
      }
      rows.tiles()
          .multiply(
              tile,
              4L * width,
              4,
              values,
              outWidth,
              mixed,
              outWidth,
              count,
              head.paddedSize(),
              head.length(),
              false);
      for (int i = 0; i < count; i++) {
        float sum = Memory.get(mixed + 4L * block * head.paddedSize() + 4L * i);
        rows.spans().scale(mixed + outWidth * i, 1 / sum, head.at(mix, 0, from + i), head.size());
      }
    }
  }

  /** Numerators in place; returns their sum. */
  private float softmax(Head head, long row, float factor, Nd4jTensor logSums, int i, int number) {
    head.exclude(row);
    float shift = rows.tiles().maximum(row, head.paddedLength()) * factor;
    float sum = rows.tiles().exponentials(row, factor, shift, head.paddedLength());
    if (logSums != null) {
      Memory.set(logSums.row(head.start() + i) + 4L * number, shift + (float) Math.log(sum));
    }
    return sum;
  }

  private static long numbers(Head head, int block) {
    long keys = (long) head.size() * head.paddedLength();
    long values = (long) head.length() * head.paddedSize();
    return keys + values + (long) block * (head.paddedLength() + head.paddedSize() + 1);
  }
}
