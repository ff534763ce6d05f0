package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.RowLayout;
import java.util.Arrays;

/**
 * The layouts of the latest steps, so that a step with lanes of the same lengths has the very same
 * layout, which a backend may know already. Two, since while weights are being swapped a step has
 * two groups of lanes.
 */
final class LastLayouts {

  private static final int KEPT = 2;

  private final int[][] lengths = new int[KEPT][];
  private final RowLayout[] layouts = new RowLayout[KEPT];
  private int oldest;

  /** Sequences of these lengths, end to end. */
  RowLayout of(int[] wanted) {
    for (int i = 0; i < KEPT; i++) {
      if (Arrays.equals(lengths[i], wanted)) {
        oldest = (i + 1) % KEPT;
        return layouts[i];
      }
    }
    RowLayout made = RowLayout.ofLengths(wanted);
    lengths[oldest] = wanted.clone();
    layouts[oldest] = made;
    oldest = (oldest + 1) % KEPT;
    return made;
  }
}
