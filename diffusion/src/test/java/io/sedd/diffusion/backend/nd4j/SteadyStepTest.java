package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.network.Initialization;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an evaluation of the network takes from the Java heap once its memory is in place. */
class SteadyStepTest {

  /**
   * Bytes on the Java heap: views, names and the tasks of kernels, but nothing that grows with the
   * rows times the hidden size. The activations of the two blocks have 500 kB.
   */
  private static final long BOUND = 100_000;

  private static final NetworkShape SHAPE = new NetworkShape(259, 64, 32, 67, 2, 4, true);

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void aSteadyEvaluationAllocatesNoMemoryForActivations(Precision precision) {
    RowPool pool = new RowPool(1);
    RowKernels rows = RowKernels.scalar(); // the Vector API's make objects until they are compiled
    try (Backend backend = new Nd4jBackend(rows, Products.best(precision, rows, pool), pool);
        Workspace workspace = backend.workspace();
        Parameters weights = Parameters.create(SHAPE, backend)) {
      Initialization.official(weights, 1, backend);
      weights.freeze(backend);
      ScoreNetwork network = new ScoreNetwork(SHAPE, weights, backend);
      int[] tokens = new int[67];
      Arrays.fill(tokens, 258);
      NetworkInput input =
          NetworkInput.ofAll(RowLayout.ofLengths(30, 37), tokens, new double[] {1, 2});
      Runnable evaluation =
          () -> {
            var _ = network.logits(input, workspace);
            workspace.reset();
          };
      for (int i = 0; i < 3; i++) {
        evaluation.run();
      }
      long peak = workspace.peakBytes();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        evaluation.run();
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(peak, workspace.peakBytes());
      assertTrue(least <= BOUND, least + " bytes in an evaluation, in " + precision);
    }
  }
}
