package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.SpanRows;

/**
 * Nucleus sampling (arXiv 1904.09751) without a sort: what is light enough to be left out in any
 * case is, and among the others the border is found by selection. Belongs to one thread.
 */
final class TopP {

  /** Heaviest first in descending order: the logit's bits, and the state's against ties. */
  private long[] keys = {};

  private float[] heavy = {};

  /**
   * Sets to 0 all but the fewest states, of the largest logits, whose weights sum to at least topP
   * of the whole; of equal logits the lower state comes first.
   *
   * @param logits [n], in whose order the weights are
   * @param weights [n]
   * @param total of the weights
   */
  void keep(long logits, long weights, int n, double topP, double total, SpanRows spans) {
    if (keys.length < n) {
      keys = new long[n];
    }
    // all that lies below is together less than 1 - topP of the whole, with room for rounding
    float lightest = (float) Math.max(Float.MIN_VALUE, (1 - topP) * total / n / 2);
    int candidates = 0;
    for (int y = 0; y < n; y++) {
      if (Memory.get(weights + 4L * y) >= lightest) {
        keys[candidates++] = key(Memory.get(logits + 4L * y), y);
      }
    }
    int kept = border(weights, candidates, topP * total);
    if (heavy.length < kept) {
      heavy = new float[n];
    }
    for (int i = 0; i < kept; i++) {
      heavy[i] = weight(weights, keys[i]);
    }
    spans.fill(weights, 0, n);
    for (int i = 0; i < kept; i++) {
      Memory.set(weights + 4L * state(keys[i]), heavy[i]);
    }
  }

  /**
   * Moves the heaviest keys to the front, as many as it takes to reach the wanted weight.
   *
   * @return how many
   */
  private int border(long weights, int count, double wanted) {
    int from = 0;
    int to = count;
    double missing = wanted;
    while (from < to) {
      int pivot = partition(from, to);
      double before = 0;
      for (int i = from; i < pivot; i++) {
        before += weight(weights, keys[i]);
      }
      double with = before + weight(weights, keys[pivot]);
      if (before >= missing) {
        to = pivot;
      } else if (with >= missing) {
        return pivot + 1;
      } else {
        missing -= with;
        from = pivot + 1;
      }
    }
    return from;
  }

  /** Orders a range around the median of three of its keys, and returns where that lies. */
  private int partition(int from, int to) {
    int last = to - 1;
    long a = keys[from];
    long b = keys[(from + to) >>> 1];
    long c = keys[last];
    long pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    swap(pivot == a ? from : pivot == c ? last : (from + to) >>> 1, last);
    int front = from;
    for (int i = from; i < last; i++) {
      if (keys[i] > pivot) {
        swap(i, front++);
      }
    }
    swap(front, last);
    return front;
  }

  private void swap(int i, int j) {
    long held = keys[i];
    keys[i] = keys[j];
    keys[j] = held;
  }

  /** Larger for a larger logit, then for a lower state; no two are equal. */
  private static long key(float logit, int state) {
    int bits = Float.floatToIntBits(logit + 0f);
    int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
    return (long) ordered << 32 | ~state & 0xffffffffL;
  }

  private static int state(long key) {
    return ~(int) key;
  }

  private static float weight(long weights, long key) {
    return Memory.get(weights + 4L * state(key));
  }
}
