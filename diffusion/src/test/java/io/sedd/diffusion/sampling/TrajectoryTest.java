package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrajectoryTest {

  private static final NoiseSchedule NOISE = new NoiseSchedule.LogLinear();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 4096})
  void thePredictorGoesFromOneToWhereTheDenoiserTakesOver(int steps) {
    Trajectory trajectory = new Trajectory(NOISE, steps);
    assertEquals(1, trajectory.time(0));
    assertEquals(Trajectory.END, trajectory.time(steps));
    double last = trajectory.time(steps - 1) - trajectory.dt();
    assertEquals(Trajectory.END, last, 1e-15);
  }

  @Test
  void eulerAndAnalyticAreTheSameForTheAbsorbingGraphWithLogLinearNoise() {
    Graph graph = new Graph.Absorbing(9);
    Trajectory trajectory = new Trajectory(NOISE, 16);
    for (int step = 0; step < 16; step++) {
      double euler = trajectory.kernel(graph, Predictor.EULER, step).alpha();
      double analytic = trajectory.kernel(graph, Predictor.ANALYTIC, step).alpha();
      assertEquals(euler, analytic, 1e-9 * euler);
    }
  }

  @Test
  void theLastStepLeavesNothingMasked() {
    Trajectory trajectory = new Trajectory(NOISE, 16);
    for (Predictor predictor : Predictor.values()) {
      ReverseKernel last = trajectory.kernel(new Graph.Absorbing(9), predictor, 16);
      assertEquals(0, last.gamma());
      assertEquals(0, last.delta());
    }
  }

  @Test
  void noStepsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Trajectory(NOISE, 0));
  }
}
