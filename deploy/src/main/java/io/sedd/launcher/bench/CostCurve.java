package io.sedd.launcher.bench;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.sampling.Trajectory;

/**
 * What a step costs while positions are being revealed, and from that what a whole run costs.
 *
 * @param open shares of the positions still to be filled, ascending from 0 to 1
 * @param seconds of a step at each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CostCurve(double[] open, double[] seconds) {

  /** A step at some share, between the measured ones. */
  double at(double share) {
    int i = 1;
    while (i < open.length - 1 && open[i] < share) {
      i++;
    }
    double u = (share - open[i - 1]) / (open[i] - open[i - 1]);
    return seconds[i - 1] + u * (seconds[i] - seconds[i - 1]);
  }

  /**
   * Expected seconds of a whole run: the sum over its steps, the denoiser included, of what a step
   * costs with as many positions open as the process leaves at that time on average, times the
   * chance that a sequence still has any.
   *
   * @param length of the sequences
   */
  double run(DiffusionProcess process, int steps, int length) {
    Trajectory trajectory = new Trajectory(process.noise(), steps);
    double sum = 0;
    for (int step = 0; step <= steps; step++) {
      sum +=
          switch (process.graph()) {
            case Graph.Absorbing _ -> {
              double masked = step == 0 ? 1 : Graph.moveChance(trajectory.sigma(step));
              double alive = 1 - Math.pow(1 - masked, length);
              yield alive == 0 ? 0 : alive * at(Math.min(1, masked / alive));
            }
            case Graph.Uniform _ -> at(1);
          };
    }
    return sum;
  }
}
