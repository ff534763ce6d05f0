package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import java.util.List;

/**
 * The draw of a step, {@link Backend#beginDraw} outside of tests: there the official rule with
 * recorded random numbers takes its place, so that recorded runs can be followed.
 */
@FunctionalInterface
interface RowDraw {

  /** As {@link Backend#beginDraw}. */
  PendingDraw begin(Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn);
}
