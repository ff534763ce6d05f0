package io.sedd.trainer.optimizer;

import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.Parameters;
import java.util.List;

/**
 * Takes the steps of a {@link Recipe} on an {@link OptimizerState}. Every kind of parameter lies in
 * one flat tensor, so that a step is two kernels: the norm and the update.
 */
public final class Optimizer {

  private final Recipe recipe;
  private final Backend backend;

  public Optimizer(Recipe recipe, Backend backend) {
    this.recipe = recipe;
    this.backend = backend;
  }

  /**
   * One update from the gradients in {@code state}; afterwards the state's step is one higher and
   * its gradients are zero.
   *
   * @throws ArithmeticException if the gradient's norm is not finite; the state is left as it was
   */
  public Update update(OptimizerState state) {
    double norm = Math.sqrt(backend.sumOfSquares(state.gradients().flat()));
    AdamWStep step = recipe.step(state.step() + 1, norm);
    backend.adamW(
        step,
        state.gradients().flat(),
        state.parameters().flat(),
        state.firstMoment().flat(),
        state.secondMoment().flat(),
        state.average().flat());
    backend.fill(state.gradients().flat(), 0);
    state.advance();
    return new Update(norm, step);
  }

  /** Names of the tensors in which a number is not finite, in the network's order. */
  public List<String> notFinite(Parameters parameters) {
    return parameters.names().stream()
        .filter(name -> !Double.isFinite(backend.sumOfSquares(parameters.tensor(name))))
        .toList();
  }

  /**
   * What an update did.
   *
   * @param gradientNorm before clipping, over all parameters
   * @param step the constants that it used
   */
  public record Update(double gradientNorm, AdamWStep step) {}
}
