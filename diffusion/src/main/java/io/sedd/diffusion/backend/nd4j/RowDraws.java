package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.nd4j.ops.HostDraw;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** {@link DrawKernel} for scores that came from elsewhere, on threads of its own. */
final class RowDraws implements HostDraw {

  private final RowPool pool;
  private final Scratch own;
  private final DrawKernel kernel;

  RowDraws(RowKernels rows, int threads) {
    this.pool = new RowPool(threads);
    this.own = new Scratch(threads, HostMemory::new);
    this.kernel = new DrawKernel(rows, pool, own);
  }

  @Override
  public void draw(
      MemorySegment logits,
      int states,
      RowLayout layout,
      int first,
      int count,
      int[] own,
      List<DrawRule> rules,
      int[] drawn) {
    kernel.draw(logits.address(), states, layout, first, count, own, rules, drawn);
  }

  @Override
  public void close() {
    pool.close();
    own.close();
  }
}
