package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;

/**
 * Final norm and vocabulary projection, on the wanted rows only: logits = W normModulate(x[wanted])
 * + b.
 */
final class OutputLayer {

  /**
   * What the backward needs; W wanted rows.
   *
   * @param modulation [S, 2h]
   * @param gathered x[wanted], [W, h]
   * @param statistics [W, 2]
   * @param normed [W, h]
   * @param logits [W, V]
   */
  record Activations(
      Tensor modulation, Tensor gathered, Tensor statistics, Tensor normed, Tensor logits) {}

  private final Backend backend;
  private final Parameters weights;
  private final NetworkShape shape;

  OutputLayer(NetworkShape shape, Parameters weights, Backend backend) {
    this.backend = backend;
    this.weights = weights;
    this.shape = shape;
  }

  /** Everything, for one who wants more than logits of it. */
  Activations forward(
      Tensor x,
      Tensor conditioning,
      NetworkInput input,
      boolean keep,
      Workspace workspace,
      ActivationObserver observer) {
    Tensor logits = workspace.take(input.wanted().length, shape.states());
    Normed rows = norm(x, conditioning, input, keep, workspace);
    observer.observe("final.norm_modulated", rows.normed());
    project(rows.normed(), logits);
    observer.observe("final.logits", logits);
    return new Activations(
        rows.modulation(), rows.gathered(), rows.statistics(), rows.normed(), logits);
  }

  /** What {@link #project} takes: the wanted rows, normed and modulated, [W, h]. */
  Tensor normed(Tensor x, Tensor conditioning, NetworkInput input, Workspace workspace) {
    return norm(x, conditioning, input, false, workspace).normed();
  }

  /** Logits of some of the wanted rows, [to - from, V]. */
  Tensor project(Tensor normed, int from, int to, Workspace workspace) {
    Tensor logits = workspace.take(to - from, shape.states());
    int h = shape.hidden();
    project(normed.view((long) from * h, to - from, h), logits);
    return logits;
  }

  private void project(Tensor normed, Tensor logits) {
    backend.linear(
        normed,
        weights.tensor("output_layer.linear.weight"),
        weights.tensor("output_layer.linear.bias"),
        Activation.NONE,
        null,
        logits);
  }

  private record Normed(Tensor modulation, Tensor gathered, Tensor statistics, Tensor normed) {}

  private Normed norm(
      Tensor x, Tensor conditioning, NetworkInput input, boolean keep, Workspace workspace) {
    int h = shape.hidden();
    int wanted = input.wanted().length;
    Tensor modulation = workspace.take(input.layout().sequences(), 2 * h);
    backend.linear(
        conditioning,
        weights.tensor("output_layer.adaLN_modulation.weight"),
        weights.tensor("output_layer.adaLN_modulation.bias"),
        Activation.NONE,
        null,
        modulation);
    Tensor gathered = x;
    if (!input.wantsAll()) {
      gathered = workspace.take(wanted, h);
      backend.gatherRows(x, input.wanted(), gathered);
    }
    Tensor statistics = keep ? workspace.take(wanted, 2) : null;
    Tensor normed = workspace.takeFactor(wanted, h);
    backend.normModulate(
        gathered,
        weights.tensor("output_layer.norm_final.weight"),
        modulation,
        0,
        h,
        input.wantedLayout(),
        statistics,
        normed);
    return new Normed(modulation, gathered, statistics, normed);
  }

  /** Overwrites dLogits and dx, adds to dConditioning and the gradients. */
  void backward(
      Activations a,
      Tensor conditioning,
      NetworkInput input,
      Tensor dLogits,
      Tensor dx,
      Tensor dConditioning,
      Parameters gradients,
      Workspace workspace) {
    int h = shape.hidden();
    long mark = workspace.mark();
    int wanted = input.wanted().length;
    Tensor dNormed = workspace.take(wanted, h);
    linearBackward("output_layer.linear", dLogits, a.normed(), dNormed, gradients);

    backend.fill(dx, 0);
    Tensor dGathered = dx;
    if (!input.wantsAll()) {
      dGathered = workspace.take(wanted, h);
      backend.fill(dGathered, 0);
    }
    Tensor dModulation = workspace.take(input.layout().sequences(), 2 * h);
    backend.fill(dModulation, 0);
    backend.normModulateBackward(
        dNormed,
        a.gathered(),
        weights.tensor("output_layer.norm_final.weight"),
        a.modulation(),
        0,
        h,
        input.wantedLayout(),
        a.statistics(),
        dGathered,
        gradients.tensor("output_layer.norm_final.weight"),
        dModulation);
    if (!input.wantsAll()) {
      backend.gatherRowsBackward(dGathered, input.wanted(), dx);
    }
    Tensor dC = workspace.take(input.layout().sequences(), conditioning.columns());
    linearBackward("output_layer.adaLN_modulation", dModulation, conditioning, dC, gradients);
    backend.add(dC, dConditioning);
    workspace.release(mark);
  }

  private void linearBackward(String name, Tensor dy, Tensor x, Tensor dx, Parameters gradients) {
    backend.linearBackward(
        dy,
        x,
        weights.tensor(name + ".weight"),
        Activation.NONE,
        null,
        dx,
        gradients.tensor(name + ".weight"),
        gradients.tensor(name + ".bias"));
  }
}
