package io.sedd.trainer.training;

import java.util.List;
import java.util.function.Supplier;

/**
 * Texts that are drawn on the way.
 *
 * @param every steps between them; 0 for none
 * @param texts draws them from the moving average
 */
public record Sampling(int every, Supplier<List<String>> texts) {

  /** No texts. */
  public static final Sampling NONE = new Sampling(0, List::of);
}
