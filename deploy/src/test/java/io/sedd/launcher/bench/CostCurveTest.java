package io.sedd.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import org.junit.jupiter.api.Test;

class CostCurveTest {

  private static final DiffusionProcess ABSORBING =
      new DiffusionProcess(new Graph.Absorbing(6), new NoiseSchedule.LogLinear());
  private static final DiffusionProcess UNIFORM =
      new DiffusionProcess(new Graph.Uniform(6), new NoiseSchedule.LogLinear());

  private final CostCurve curve = new CostCurve(new double[] {0, 0.5, 1}, new double[] {1, 1.5, 4});

  @Test
  void betweenMeasuredSharesTheCostIsOnTheLine() {
    assertEquals(1, curve.at(0), 1e-12);
    assertEquals(1.25, curve.at(0.25), 1e-12);
    assertEquals(1.5, curve.at(0.5), 1e-12);
    assertEquals(2.75, curve.at(0.75), 1e-12);
    assertEquals(4, curve.at(1), 1e-12);
  }

  /** Under the log-linear schedule the share masked falls evenly: 1, 3/4, 1/2, 1/4, none. */
  @Test
  void anAbsorbingRunPaysForThePositionsThatAreStillMasked() {
    double expected = 4 + 2.75 + 1.5 + 1.25;
    assertEquals(expected, curve.run(ABSORBING, 4, 1_000), 0.05);
  }

  @Test
  void aUniformRunPaysForAllPositionsInEveryStep() {
    assertEquals(5 * 4, curve.run(UNIFORM, 4, 1_000), 1e-12);
  }
}
