package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.process.Graph;

/**
 * The distribution of a position's next state, given the scores at its present one: raw weights
 * that are affine in the score s(y) and in Z, the sum of all scores, s(own) = 1 included.
 *
 * <pre>
 *   y != own:  alpha s(y) + beta Z        own:  gamma + delta Z
 * </pre>
 *
 * <p>Weights below 0, which a long step gives, count as 0. For the absorbing graph this is the
 * kernel of a masked position; a token that has been revealed stays.
 */
public record ReverseKernel(double alpha, double beta, double gamma, double delta) {

  /**
   * [y = x] + increment · reverseRate(y): one Euler step.
   *
   * @param increment dt g(t)
   */
  public static ReverseKernel euler(Graph graph, double increment) {
    return switch (graph) {
      case Graph.Absorbing _ -> leaving(increment);
      case Graph.Uniform uniform -> leaving(increment / uniform.states());
    };
  }

  /**
   * staggeredScore(y) · transposedTransition(y), both over {@code d} of total noise: the Tweedie
   * step.
   *
   * @param d sigma(t) - sigma(t - dt)
   */
  public static ReverseKernel analytic(Graph graph, double d) {
    return switch (graph) {
      // e^d s(y) (1 - e^-d); and 1 + (e^d - 1)(1 - Z) at the mask
      case Graph.Absorbing _ -> leaving(Math.expm1(d));
      case Graph.Uniform uniform -> {
        double drift = Math.expm1(d) / uniform.states();
        double away = uniform.transition(0, 1, d);
        double stay = uniform.transition(0, 0, d);
        // (e^d s(y) - drift Z) away, where e^d away = drift; and the same with stay = e^-d + away
        yield new ReverseKernel(drift, -drift * away, 1 + drift, -drift * stay);
      }
    };
  }

  /**
   * The last step, from {@code sigma} to no noise at all: the Tweedie step over everything that is
   * left, with the mask's own weight dropped for the absorbing graph.
   */
  public static ReverseKernel denoiser(Graph graph, double sigma) {
    return switch (graph) {
      case Graph.Absorbing _ -> new ReverseKernel(Math.expm1(sigma), 0, 0, 0);
      case Graph.Uniform _ -> analytic(graph, sigma);
    };
  }

  /** a s(y) for every other state, and what is left of 1, that is 1 - a (Z - 1), for staying. */
  private static ReverseKernel leaving(double a) {
    return new ReverseKernel(a, 0, 1 + a, -a);
  }

  /** This kernel as a backend draws it, for one step of one sequence. */
  DrawRule rule(double logOffset, LaneRequest request, int step) {
    return new DrawRule(
        alpha,
        beta,
        gamma,
        delta,
        logOffset,
        request.temperature(),
        request.topP(),
        request.seed(),
        request.sample(),
        step);
  }
}
