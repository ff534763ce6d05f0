package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.nd4j.rows.Memory;
import java.util.Arrays;

/**
 * Nucleus sampling (arXiv 1904.09751) without a sort: the weights are summed by classes of like
 * size, and only in the class in which the border falls is it looked for, by selection. Belongs to
 * one thread.
 */
final class TopP {

  /** Of a weight's bits, sign, exponent and three of the mantissa are its class. */
  private static final int CLASS_SHIFT = 20;

  private final double[] classes = new double[1 << (32 - 1 - CLASS_SHIFT)];

  /** Of the border's class, larger ones first: the logit's bits, and the state's against ties. */
  private long[] keys = {};

  /**
   * Sets to 0 all but the fewest states, of the largest logits, whose weights sum to at least topP
   * of the whole; of equal logits the lower state comes first.
   *
   * @param logits [n], in whose order the weights are
   * @param weights [n], none of them negative
   */
  void keep(long logits, long weights, int n, double topP) {
    Arrays.fill(classes, 0);
    for (int y = 0; y < n; y++) {
      float weight = Memory.get(weights + 4L * y);
      classes[Float.floatToRawIntBits(weight) >>> CLASS_SHIFT] += weight;
    }
    double total = 0;
    for (double sum : classes) {
      total += sum;
    }
    double missing = topP * total;
    int border = classes.length - 1;
    while (border > 0 && classes[border] < missing) {
      missing -= classes[border];
      border--;
    }
    int candidates = keepClassesFrom(border, logits, weights, n);
    int kept = border(weights, candidates, missing);
    for (int i = kept; i < candidates; i++) {
      Memory.set(weights + 4L * state(keys[i]), 0);
    }
  }

  /**
   * Sets the weights of lighter classes to 0 and collects the keys of the border's. In plain code,
   * though the first half would go in vectors: a short vector loop inside a long scalar one is
   * compiled with it before it has a profile, and then keeps its vectors in objects.
   *
   * @return how many keys
   */
  private int keepClassesFrom(int border, long logits, long weights, int n) {
    if (keys.length < n) {
      keys = new long[n];
    }
    float lightest = Float.intBitsToFloat(border << CLASS_SHIFT);
    float heavier = Float.intBitsToFloat((border + 1) << CLASS_SHIFT);
    int candidates = 0;
    for (int y = 0; y < n; y++) {
      float weight = Memory.get(weights + 4L * y);
      if (weight < lightest) {
        Memory.set(weights + 4L * y, 0);
      } else if (weight > 0 && weight < heavier) {
        keys[candidates++] = key(Memory.get(logits + 4L * y), y);
      }
    }
    return candidates;
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
    return ((long) ordered << 32) | (~state & 0xffffffffL);
  }

  private static int state(long key) {
    return ~(int) key;
  }

  private static float weight(long weights, long key) {
    return Memory.get(weights + 4L * state(key));
  }
}
