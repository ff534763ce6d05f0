package io.sedd.diffusion.sampling;

import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;

/**
 * The times of a whole run: t_i = 1 - i (1 - eps)/steps for the predictor's steps i = 0 to steps -
 * 1, each of length dt = (1 - eps)/steps, and then the denoiser at t = eps.
 *
 * @param noise the schedule
 * @param steps steps of the predictor, at least 1; the denoiser comes on top
 */
public record Trajectory(NoiseSchedule noise, int steps) {

  /** eps: where the predictor stops and the denoiser takes over. */
  public static final double END = 1e-5;

  public Trajectory {
    if (steps < 1) {
      throw new IllegalArgumentException("a trajectory has at least 1 step, not " + steps);
    }
  }

  /** Length of the predictor's steps. */
  public double dt() {
    return (1 - END) / steps;
  }

  /** Time at which a step takes its score; the step after the predictor's is the denoiser's. */
  public double time(int step) {
    return step == steps ? END : 1 - step * dt();
  }

  /** Total noise at that time. */
  public double sigma(int step) {
    return noise.total(time(step));
  }

  /** The kernel of a step: the predictor's, or at last the denoiser's. */
  public ReverseKernel kernel(Graph graph, Predictor predictor, int step) {
    return step == steps
        ? ReverseKernel.denoiser(graph, sigma(step))
        : predictor.kernel(graph, noise, time(step), dt());
  }
}
