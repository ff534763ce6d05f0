package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationMemoryTest {

  /** A workspace leaves some bytes unused where its memory grows: hence the twentieth. */
  @ParameterizedTest
  @CsvSource({"1,40", "40,1", "5,8", "8,5"})
  void anEvaluationTakesNoMoreAndNotMuchLess(int sequences, int length) {
    NetworkShape shape = new NetworkShape(5, 96, 48, 64, 2, 3, true);
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, length);
    NetworkInput input =
        NetworkInput.ofAll(
            RowLayout.ofLengths(lengths), new int[sequences * length], new double[sequences]);
    try (Backend backend = new ReferenceBackend();
        ScoreNetwork network = new ScoreNetwork(shape, Parameters.create(shape, backend), backend);
        Workspace workspace = backend.workspace()) {
      network.evaluate(input, workspace).logits(0, 1);
      long bound = 40 * EvaluationMemory.bytesPerRow(shape);
      long taken = workspace.peakBytes();
      assertTrue(taken <= bound + bound / 20, () -> taken + " bytes taken, " + bound + " expected");
      assertTrue(2 * taken > bound, () -> taken + " bytes taken, " + bound + " expected");
    }
  }
}
