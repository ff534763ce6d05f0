package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The exact draw on scores in the host's memory, as {@link io.sedd.diffusion.backend.Backend}. */
public interface HostDraw extends AutoCloseable {

  /**
   * Draws some rows of a layout.
   *
   * @param logits fp32, [count, states], off the Java heap
   * @param first of the rows
   * @param own state of each row of the layout
   * @param rules one a sequence
   * @param drawn receives the new states of these rows, at their places in the layout
   * @throws ArithmeticException naming the row if its scores are not finite or all weights are 0
   */
  void draw(
      MemorySegment logits,
      int states,
      RowLayout layout,
      int first,
      int count,
      int[] own,
      List<DrawRule> rules,
      int[] drawn);

  @Override
  void close();
}
