package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpanBoundTest {

  private static final double[][] P0 = {{0.2, 0.05}, {0.15, 0.6}};
  private static final DiffusionProcess PROCESS =
      new DiffusionProcess(new Graph.Absorbing(2), new NoiseSchedule.LogLinear());

  /**
   * With exact scores the bound on a masked second token is -ln p(b | a), but for the 1e-3 of the
   * time and the 1e-3 of the survival; 5 standard errors of some 0.003, false alarms below 3e-6.
   */
  @Test
  void theBoundOfABlankGivenTheRestIsItsConditionalLikelihood() {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      ExactScores scores = new ExactScores(P0, PROCESS.graph(), backend);
      BoundSettings settings = new BoundSettings(1e-3, 8, 500, 3, Duration.ZERO);
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
          List<int[]> pairs = Collections.nCopies(500, new int[] {a, b});
          List<int[]> blanks = Collections.nCopies(500, new int[] {1});
          BoundEstimate bound =
              new SpanBound(PROCESS, settings, backend).estimate(scores, pairs, blanks);
          double expected = -Math.log(P0[a][b] / (P0[a][0] + P0[a][1]));
          assertEquals(expected, bound.nats(), 5 * bound.standardError() + 0.01, a + ", " + b);
        }
      }
    }
  }

  /** Below the earliest time a token is masked with chance e: -ln p(b | a) e for each position. */
  @Test
  void theReconstructionIsThatOfTheExactDenoiser() {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      ExactScores scores = new ExactScores(P0, PROCESS.graph(), backend);
      double earliest = 0.2;
      BoundSettings settings = new BoundSettings(earliest, 8, 1000, 3, Duration.ZERO);
      BoundEstimate estimate =
          new Reconstruction(PROCESS, settings, backend)
              .estimate(scores, Collections.nCopies(1000, new int[] {1, 0}));
      double e = 0.999 * earliest;
      // together each from its own marginal, alone given the other
      double both = e * e * (-Math.log(0.75) - Math.log(0.35));
      double one = e * (1 - e) * (-Math.log(0.15 / 0.35) - Math.log(0.15 / 0.75));
      assertEquals((both + one) / 2, estimate.nats(), 5 * estimate.standardError());
    }
  }

  @Test
  void blanksOfAPatternAreAsManyAsTheRateSays() {
    assertArrayEquals(new int[] {3, 4, 5, 6}, BlankPattern.MIDDLE.blanks(10, 0.4, 1));
    int[] random = BlankPattern.RANDOM.blanks(100, 0.25, 7);
    assertEquals(25, random.length);
    assertEquals(25, java.util.Arrays.stream(random).distinct().count());
    assertEquals(1, BlankPattern.RANDOM.blanks(3, 0.01, 7).length);
    assertThrows(IllegalArgumentException.class, () -> BlankPattern.MIDDLE.blanks(10, 0, 1));
  }
}
