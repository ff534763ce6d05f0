package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;

/**
 * One block of the diffusion transformer (arXiv 2212.09748, adaLN-Zero), forward and backward side
 * by side:
 *
 * <pre>
 *   shift1, scale1, gate1, shift2, scale2, gate2 = W_ada c + b_ada
 *   x += gate1 · W_out attend(rotate(W_qkv normModulate(x, shift1, scale1)))
 *   x += gate2 · W_2 gelu(W_0 normModulate(x, shift2, scale2) + b_0) + b_2
 * </pre>
 *
 * In training, dropout stands between each branch and its gate, as in the official network.
 */
final class TransformerBlock {

  /**
   * What the backward needs; R rows, h hidden size, S sequences.
   *
   * @param modulation [S, 6h]
   * @param input x before the block, [R, h]
   * @param statistics1 [R, 2]
   * @param normed1 [R, h]
   * @param qkv after the rotation, [R, 3h]
   * @param logSums [R, heads]
   * @param mix [R, h]
   * @param attended W_out mix after the dropout, [R, h]
   * @param middle x after the attention, [R, h]
   * @param statistics2 [R, 2]
   * @param normed2 [R, h]
   * @param inner before the GELU, [R, 4h]
   * @param activated after it, [R, 4h]
   * @param output W_2 activated + b_2 after the dropout, [R, h]
   * @param result x after the block, [R, h]
   */
  record Activations(
      Tensor modulation,
      Tensor input,
      Tensor statistics1,
      Tensor normed1,
      Tensor qkv,
      Tensor logSums,
      Tensor mix,
      Tensor attended,
      Tensor middle,
      Tensor statistics2,
      Tensor normed2,
      Tensor inner,
      Tensor activated,
      Tensor output,
      Tensor result) {}

  private static final int ATTENTION = 0;
  private static final int MLP = 1;
  private static final int BRANCHES = 2;

  private final Backend backend;
  private final Parameters weights;
  private final int hidden;
  private final int heads;
  private final int number;
  private final Architecture architecture;
  private final String prefix;
  private final String trace;

  TransformerBlock(NetworkShape shape, int number, Parameters weights, Backend backend) {
    this.backend = backend;
    this.weights = weights;
    this.hidden = shape.hidden();
    this.heads = shape.heads();
    this.number = number;
    this.architecture = shape.architecture();
    this.prefix = "blocks." + number + ".";
    this.trace = "block" + number + ".";
  }

  /**
   * Where {@code keep} is false x is updated in place, and all else may be released after the call;
   * where it is true x is kept, and everything that the backward needs lives on in the workspace.
   */
  Activations forward(
      Tensor x,
      Tensor conditioning,
      RowLayout layout,
      boolean keep,
      Dropout dropout,
      Workspace workspace,
      ActivationObserver observer) {
    int rows = layout.rows();
    int h = hidden;
    Tensor modulation = workspace.take(layout.sequences(), 6 * h);
    linear("adaLN_modulation", conditioning, modulation);
    observer.observe(trace + "adaLN_modulation", modulation);

    Tensor statistics1 = keep ? workspace.take(rows, 2) : null;
    Tensor normed1 = workspace.takeFactor(rows, h);
    backend.normModulate(x, weight("norm1.weight"), modulation, 0, h, layout, statistics1, normed1);
    observer.observe(trace + "norm1_modulated", normed1);
    Tensor qkv = workspace.takeFactor(rows, 3 * h);
    product("attn_qkv", normed1, qkv);
    observer.observe(trace + "attn_qkv", qkv);
    if (architecture.rotary()) {
      backend.rotate(qkv, heads, layout);
    }
    Tensor logSums = keep ? workspace.take(rows, heads) : null;
    Tensor mix = workspace.takeFactor(rows, h);
    backend.attend(qkv, heads, layout, architecture.mask(), logSums, mix);
    observer.observe(trace + "attn_mix", mix);
    Tensor attended = workspace.take(rows, h);
    product("attn_out", mix, attended);
    observer.observe(trace + "attn_out", attended);
    drop(dropout, ATTENTION, layout, attended);
    Tensor middle = keep ? copyOf(x, workspace) : x;
    backend.addGated(attended, modulation, 2 * h, layout, middle);

    Tensor statistics2 = keep ? workspace.take(rows, 2) : null;
    Tensor normed2 = workspace.takeFactor(rows, h);
    backend.normModulate(
        middle, weight("norm2.weight"), modulation, 3 * h, 4 * h, layout, statistics2, normed2);
    observer.observe(trace + "norm2_modulated", normed2);
    Tensor inner = keep ? workspace.take(rows, NetworkShape.MLP_RATIO * h) : null;
    Tensor activated = workspace.takeFactor(rows, NetworkShape.MLP_RATIO * h);
    backend.linear(
        normed2, weight("mlp.0.weight"), weight("mlp.0.bias"), Activation.GELU, inner, activated);
    Tensor output = workspace.take(rows, h);
    linear("mlp.2", activated, output);
    observer.observe(trace + "mlp", output);
    drop(dropout, MLP, layout, output);
    Tensor result = keep ? copyOf(middle, workspace) : middle;
    backend.addGated(output, modulation, 5 * h, layout, result);
    observer.observe(trace + "out", result);
    return new Activations(
        modulation,
        x,
        statistics1,
        normed1,
        qkv,
        logSums,
        mix,
        attended,
        middle,
        statistics2,
        normed2,
        inner,
        activated,
        output,
        result);
  }

  /**
   * Turns dx, the gradient at the block's result, into the one at its input; adds to dConditioning
   * and the gradients.
   */
  void backward(
      Activations a,
      Tensor conditioning,
      RowLayout layout,
      Dropout dropout,
      Tensor dx,
      Tensor dConditioning,
      Parameters gradients,
      Workspace workspace) {
    int rows = layout.rows();
    int h = hidden;
    long mark = workspace.mark();
    Tensor dModulation = workspace.take(layout.sequences(), 6 * h);
    backend.fill(dModulation, 0);
    Tensor dBranch = workspace.take(rows, h);
    Tensor dNormed = workspace.take(rows, h);
    Tensor dWide = workspace.take(rows, NetworkShape.MLP_RATIO * h);

    backend.addGatedBackward(dx, a.output(), a.modulation(), 5 * h, layout, dBranch, dModulation);
    drop(dropout, MLP, layout, dBranch);
    linearBackward("mlp.2", dBranch, a.activated(), Activation.NONE, null, dWide, gradients);
    linearBackward("mlp.0", dWide, a.normed2(), Activation.GELU, a.inner(), dNormed, gradients);
    normBackward(
        "norm2.weight",
        dNormed,
        a.middle(),
        a,
        3 * h,
        layout,
        a.statistics2(),
        dx,
        gradients,
        dModulation);

    backend.addGatedBackward(dx, a.attended(), a.modulation(), 2 * h, layout, dBranch, dModulation);
    drop(dropout, ATTENTION, layout, dBranch);
    Tensor dMix = dNormed;
    productBackward("attn_out.weight", dBranch, a.mix(), dMix, gradients);
    Tensor dQkv = dWide.view(0, rows, 3 * h);
    backend.attendBackward(
        dMix, a.qkv(), a.mix(), a.logSums(), heads, layout, architecture.mask(), dQkv);
    backend.rotateBackward(dQkv, heads, layout);
    productBackward("attn_qkv.weight", dQkv, a.normed1(), dNormed, gradients);
    normBackward(
        "norm1.weight",
        dNormed,
        a.input(),
        a,
        0,
        layout,
        a.statistics1(),
        dx,
        gradients,
        dModulation);

    Tensor dC = workspace.take(layout.sequences(), conditioning.columns());
    linearBackward(
        "adaLN_modulation", dModulation, conditioning, Activation.NONE, null, dC, gradients);
    backend.add(dC, dConditioning);
    workspace.release(mark);
  }

  /** Which is dropped depends on the place alone, so this is its own gradient. */
  private void drop(Dropout dropout, int branch, RowLayout layout, Tensor x) {
    if (dropout.isOn()) {
      backend.dropout(dropout, BRANCHES * number + branch, layout, x);
    }
  }

  private Tensor weight(String name) {
    return weights.tensor(prefix + name);
  }

  private Tensor copyOf(Tensor x, Workspace workspace) {
    Tensor copy = workspace.take(x.rows(), x.columns());
    backend.copy(x, copy);
    return copy;
  }

  /** A matrix product of the attention; few networks have a bias there. */
  private void product(String name, Tensor x, Tensor y) {
    Tensor bias = architecture.attentionBiases() ? weight(name + ".bias") : null;
    backend.linear(x, weight(name + ".weight"), bias, Activation.NONE, null, y);
  }

  private void linear(String name, Tensor x, Tensor y) {
    backend.linear(x, weight(name + ".weight"), weight(name + ".bias"), Activation.NONE, null, y);
  }

  private void linearBackward(
      String name,
      Tensor dy,
      Tensor x,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Parameters gradients) {
    backend.linearBackward(
        dy,
        x,
        weight(name + ".weight"),
        activation,
        preActivation,
        dx,
        gradients.tensor(prefix + name + ".weight"),
        gradients.tensor(prefix + name + ".bias"));
  }

  private void productBackward(String name, Tensor dy, Tensor x, Tensor dx, Parameters gradients) {
    backend.linearBackward(
        dy, x, weight(name), Activation.NONE, null, dx, gradients.tensor(prefix + name), null);
  }

  private void normBackward(
      String name,
      Tensor dNormed,
      Tensor x,
      Activations a,
      int shiftColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor dx,
      Parameters gradients,
      Tensor dModulation) {
    backend.normModulateBackward(
        dNormed,
        x,
        weight(name),
        a.modulation(),
        shiftColumn,
        shiftColumn + hidden,
        layout,
        statistics,
        dx,
        gradients.tensor(prefix + name),
        dModulation);
  }
}
