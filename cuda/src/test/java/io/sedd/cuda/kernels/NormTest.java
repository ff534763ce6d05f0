package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the norm promises beyond the conformance suite. */
class NormTest {

  private static final float MEAN = 1000;

  /** Far below what one rounding of the mean would do, 3e-5. */
  private static final double LIMIT = 1e-5;

  @ParameterizedTest
  @ValueSource(ints = {67, 768, 1025})
  void deviationsKeepTheirDigitsFarBelowTheMean(int columns) {
    Random random = new Random(columns);
    float[] row = new float[columns];
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      row[i] = MEAN + (float) random.nextGaussian();
      sum += row[i];
    }
    double mean = sum / columns;
    double squares = 0;
    for (float value : row) {
      squares += Math.pow(value - mean, 2);
    }
    double deviation = Math.sqrt(squares / columns + 1e-5);
    float[] normed = norm(row);
    for (int i = 0; i < columns; i++) {
      assertEquals((row[i] - mean) / deviation, normed[i], LIMIT, "at " + i);
    }
  }

  /** Without modulation. */
  private static float[] norm(float[] row) {
    try (Backend backend = TestedBackend.open();
        Workspace workspace = backend.workspace();
        Tensor modulation = backend.allocate(1, 2 * row.length)) {
      Tensor x = workspace.take(1, row.length);
      Tensor weight = workspace.take(1, row.length);
      Tensor z = workspace.take(1, row.length);
      backend.write(MemorySegment.ofArray(row), x);
      backend.fill(weight, 1);
      backend.normModulate(x, weight, modulation, 0, row.length, RowLayout.ofLengths(1), null, z);
      return backend.read(z);
    }
  }
}
