package io.sedd.diffusion.network;

import static io.sedd.diffusion.network.NetworkShape.FREQUENCIES;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * Turns the total noise of each sequence into its conditioning vector:
 *
 * <pre>
 *   f_i = exp(-ln(10000) i/128), e = [cos(sigma f), sin(sigma f)]
 *   c = silu(W2 silu(W0 e + b0) + b2)
 * </pre>
 */
final class SigmaEmbedding {

  /**
   * What the backward needs.
   *
   * @param features e, [S, 256]
   * @param inner W0 e + b0, [S, cond]
   * @param hidden silu of it
   * @param outer W2 hidden + b2, [S, cond]
   * @param conditioning c, [S, cond]
   */
  record Activations(
      Tensor features, Tensor inner, Tensor hidden, Tensor outer, Tensor conditioning) {}

  private final Backend backend;
  private final Parameters weights;
  private final int width;

  SigmaEmbedding(NetworkShape shape, Parameters weights, Backend backend) {
    this.backend = backend;
    this.weights = weights;
    this.width = shape.conditioning();
  }

  Activations forward(double[] sigma, Workspace workspace, ActivationObserver observer) {
    Tensor features = workspace.take(sigma.length, FREQUENCIES);
    backend.write(MemorySegment.ofArray(sinusoid(sigma)), features);
    observer.observe("sinusoid", features);
    Tensor inner = workspace.take(sigma.length, width);
    Tensor hidden = workspace.take(sigma.length, width);
    Tensor outer = workspace.take(sigma.length, width);
    Tensor conditioning = workspace.take(sigma.length, width);
    linear("sigma_map.mlp.0", features, inner, hidden);
    linear("sigma_map.mlp.2", hidden, outer, conditioning);
    observer.observe("sigma_map", outer);
    observer.observe("cond", conditioning);
    return new Activations(features, inner, hidden, outer, conditioning);
  }

  private void linear(String name, Tensor x, Tensor preActivation, Tensor y) {
    backend.linear(
        x,
        weights.tensor(name + ".weight"),
        weights.tensor(name + ".bias"),
        Activation.SILU,
        preActivation,
        y);
  }

  /** Overwrites dConditioning, adds to the gradients. */
  void backward(Activations a, Tensor dConditioning, Parameters gradients, Workspace workspace) {
    long mark = workspace.mark();
    Tensor dHidden = workspace.take(a.hidden().rows(), width);
    linearBackward("sigma_map.mlp.2", dConditioning, a.hidden(), a.outer(), dHidden, gradients);
    linearBackward("sigma_map.mlp.0", dHidden, a.features(), a.inner(), null, gradients);
    workspace.release(mark);
  }

  private void linearBackward(
      String name, Tensor dy, Tensor x, Tensor preActivation, Tensor dx, Parameters gradients) {
    backend.linearBackward(
        dy,
        x,
        weights.tensor(name + ".weight"),
        Activation.SILU,
        preActivation,
        dx,
        gradients.tensor(name + ".weight"),
        gradients.tensor(name + ".bias"));
  }

  /** e for each sigma, cosines first. */
  private static float[] sinusoid(double[] sigma) {
    int half = FREQUENCIES / 2;
    float[] features = new float[sigma.length * FREQUENCIES];
    for (int s = 0; s < sigma.length; s++) {
      for (int i = 0; i < half; i++) {
        double angle = sigma[s] * Math.exp(-Math.log(10_000) * i / half);
        features[s * FREQUENCIES + i] = (float) Math.cos(angle);
        features[s * FREQUENCIES + half + i] = (float) Math.sin(angle);
      }
    }
    return features;
  }
}
