package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout and recomputation, through the whole network, on every backend. */
class TrainingModeTest {

  private static final NetworkShape SHAPE = new NetworkShape(13, 24, 8, 16, 5, 3, true);
  private static final RowLayout LAYOUT = RowLayout.ofLengths(9, 16, 1);
  private static final Dropout DROPOUT = new Dropout(0.2, 7, 3, 4);

  /** A network with random weights, an input, and weights of its logits in a loss. */
  private static final class Bench implements AutoCloseable {
    final Backend backend;
    final ScoreNetwork network;
    final Parameters gradients;
    final Workspace workspace;
    final NetworkInput input;
    final float[] projection;

    Bench(String name) {
      backend = Backends.open(Optional.of(name), new BackendOptions(2, 0));
      Parameters weights = Parameters.create(SHAPE, backend);
      gradients = Parameters.create(SHAPE, backend);
      backend.write(
          MemorySegment.ofArray(random((int) weights.flat().size(), 0.2)), weights.flat());
      network = new ScoreNetwork(SHAPE, weights, backend);
      workspace = backend.workspace();
      Random random = new Random(5);
      int[] tokens = random.ints(LAYOUT.rows(), 0, SHAPE.states()).toArray();
      input = NetworkInput.ofAll(LAYOUT, tokens, new double[] {0.3, 1, 4});
      projection = random(LAYOUT.rows() * SHAPE.states(), 1);
    }

    private static float[] random(int size, double deviation) {
      Random random = new Random(size);
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
      return values;
    }

    double loss(TrainingMode mode) {
      workspace.reset();
      float[] logits = backend.read(network.forwardForTraining(input, mode, workspace).logits());
      double loss = 0;
      for (int i = 0; i < logits.length; i++) {
        loss += (double) logits[i] * projection[i];
      }
      return loss;
    }

    float[] gradient(TrainingMode mode) {
      workspace.reset();
      backend.fill(gradients.flat(), 0);
      TrainingPass pass = network.forwardForTraining(input, mode, workspace);
      Tensor dLogits = pass.logits();
      backend.write(MemorySegment.ofArray(projection), dLogits);
      network.backward(pass, dLogits, gradients, workspace);
      return backend.read(gradients.flat());
    }

    @Override
    public void close() {
      workspace.close();
      gradients.close();
      network.close();
      backend.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void gradientsOfARecomputedPassAreTheSameToTheBit(String backend) {
    try (Bench bench = new Bench(backend)) {
      for (Dropout dropout : new Dropout[] {Dropout.NONE, DROPOUT}) {
        TrainingMode kept = new TrainingMode(dropout, false);
        TrainingMode recomputed = new TrainingMode(dropout, true);
        assertEquals(bench.loss(kept), bench.loss(recomputed));
        assertArrayEquals(bench.gradient(kept), bench.gradient(recomputed));
      }
    }
  }

  /** Five blocks: kept are 5 · (19 h + ...) a row, recomputed 5 h and one block. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void aRecomputedPassNeedsLittleMoreThanOneBlock(String backend) {
    long[] peaks = new long[2];
    for (boolean recompute : new boolean[] {false, true}) {
      try (Bench bench = new Bench(backend)) {
        bench.gradient(new TrainingMode(Dropout.NONE, recompute));
        peaks[recompute ? 1 : 0] = bench.workspace.peakBytes();
      }
    }
    assertTrue(peaks[1] < 0.5 * peaks[0], Arrays.toString(peaks));
  }

  /** Along a random direction in all parameters, by central differences. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void theGradientUnderDropoutIsThatOfTheLossUnderTheSameDropout(String backend) {
    TrainingMode mode = new TrainingMode(DROPOUT, true);
    try (Bench bench = new Bench(backend)) {
      Tensor weights = bench.network.weights().flat();
      float[] gradient = bench.gradient(mode);
      float[] before = bench.backend.read(weights);
      float[] direction = Bench.random(before.length + 1, 1);
      double expected = 0;
      for (int i = 0; i < gradient.length; i++) {
        expected += (double) gradient[i] * direction[i];
      }
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = new float[before.length];
        for (int i = 0; i < moved.length; i++) {
          moved[i] = before[i] + (side == 0 ? -1e-3f : 1e-3f) * direction[i];
        }
        bench.backend.write(MemorySegment.ofArray(moved), weights);
        losses[side] = bench.loss(mode);
      }
      double difference = (losses[1] - losses[0]) / 2e-3;
      assertEquals(expected, difference, 0.01 * Math.abs(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void dropoutChangesTheLossAndOnlyByItsStep(String backend) {
    try (Bench bench = new Bench(backend)) {
      double plain = bench.loss(TrainingMode.PLAIN);
      double dropped = bench.loss(new TrainingMode(DROPOUT, false));
      double again = bench.loss(new TrainingMode(DROPOUT, false));
      double next = bench.loss(new TrainingMode(new Dropout(0.2, 7, 4, 4), false));
      assertEquals(dropped, again);
      assertFalse(plain == dropped || dropped == next, plain + ", " + dropped + ", " + next);
    }
  }
}
