package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Likelihoods and samples of a known chain: the next token depends on the present state alone. */
class NextTokenTest {

  /** Of states 0, 1 and the beginning, 2; the column of the beginning must not be read. */
  private static final double[][] CHAIN = {{0.9, 0.1}, {0.3, 0.7}, {0.25, 0.75}};

  private record Chain(Backend backend) implements ScoreModel {
    @Override
    public NetworkShape shape() {
      return new NetworkShape(3, 2, 1, 64, 1, 1, false);
    }

    @Override
    public Tensor logits(NetworkInput input, Workspace workspace) {
      int[] read = input.wantedTokens();
      float[] logits = new float[3 * read.length];
      for (int i = 0; i < read.length; i++) {
        logits[3 * i] = (float) Math.log(CHAIN[read[i]][0]);
        logits[3 * i + 1] = (float) Math.log(CHAIN[read[i]][1]);
        logits[3 * i + 2] = 50;
      }
      Tensor tensor = workspace.take(read.length, 3);
      backend.write(MemorySegment.ofArray(logits), tensor);
      return tensor;
    }
  }

  @Test
  void theLikelihoodIsTheProductOfTheChainsProbabilities() {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      NextTokenLikelihood likelihood = new NextTokenLikelihood(2, 2, 1, backend);
      List<int[]> sequences = List.of(new int[] {1, 1, 0}, new int[] {0});
      List<double[]> nats = likelihood.nats(new Chain(backend), sequences);
      double[] expected = {-Math.log(0.75), -Math.log(0.7), -Math.log(0.3)};
      assertArrayEquals(expected, nats.getFirst(), 1e-6);
      assertArrayEquals(new double[] {-Math.log(0.25)}, nats.get(1), 1e-6);
      BoundEstimate mean = likelihood.estimate(new Chain(backend), sequences);
      assertEquals(
          (expected[0] + expected[1] + expected[2] - Math.log(0.25)) / 4, mean.nats(), 1e-6);
    }
  }

  /** 4,000 draws of pairs, limit 5 standard deviations: false alarms below one in 400,000. */
  @Test
  void samplesFollowTheChain() {
    int count = 4000;
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      List<int[]> drawn = new NextTokenSampler(2, backend).draw(new Chain(backend), count, 2, 3);
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
          double p = CHAIN[2][a] * CHAIN[a][b];
          int[] pair = {a, b};
          long seen = drawn.stream().filter(s -> s[0] == pair[0] && s[1] == pair[1]).count();
          assertEquals(p, seen / (double) count, 5 * Math.sqrt(p * (1 - p) / count));
        }
      }
    }
  }

  @Test
  void statisticsOfAKnownSample() {
    SampleStatistics statistics =
        SampleStatistics.of(List.of(new int[] {1, 2, 1, 2, 1, 2}, new int[] {7, 7, 7, 7, 7, 7}));
    assertEquals(Math.log(2) / 2, statistics.entropy(), 1e-12);
    assertEquals(3 / 12.0, statistics.distinct1(), 1e-12);
    assertEquals(3 / 10.0, statistics.distinct2(), 1e-12);
    assertEquals(3 / 8.0, statistics.distinct3(), 1e-12);
    assertEquals((1 / 3.0 + 2 / 3.0) / 2, statistics.repetition(), 1e-12);
  }
}
