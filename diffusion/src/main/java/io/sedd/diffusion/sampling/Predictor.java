package io.sedd.diffusion.sampling;

import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;

/** How a step from time t back to t - dt uses the score (arXiv 2310.16834, section 4). */
public enum Predictor {

  /** One Euler step of the reverse process, all positions at once (tau-leaping). */
  EULER {
    @Override
    public ReverseKernel kernel(Graph graph, NoiseSchedule noise, double t, double dt) {
      return ReverseKernel.euler(graph, dt * noise.rate(t));
    }
  },

  /** The Tweedie step: each position's reverse transition, exact where the others stand still. */
  ANALYTIC {
    @Override
    public ReverseKernel kernel(Graph graph, NoiseSchedule noise, double t, double dt) {
      return ReverseKernel.analytic(graph, noise.total(t) - noise.total(t - dt));
    }
  };

  /** The kernel of the step from {@code t} to {@code t - dt}, for the score at {@code t}. */
  public abstract ReverseKernel kernel(Graph graph, NoiseSchedule noise, double t, double dt);
}
