package io.sedd.diffusion.backend;

import io.sedd.diffusion.process.Graph;
import java.util.List;

/**
 * What the arguments of each kernel must look like, for every backend. Each method checks one
 * kernel and its backward twin and throws {@link IllegalArgumentException} that names the kernel,
 * the argument, what it is and what it should be. Optional tensors may be null.
 */
public final class Shapes {

  private Shapes() {}

  /** Number of elements of a new tensor. */
  public static int size(int rows, int columns) {
    if (rows < 0 || columns < 0 || (long) rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor of [" + rows + ", " + columns + "] is negative or over 2^31 - 1 elements");
    }
    return rows * columns;
  }

  /** The window of a view. */
  public static void view(Tensor tensor, long offset, int rows, int columns) {
    if (offset < 0 || offset + size(rows, columns) > tensor.size()) {
      throw new IllegalArgumentException(
          "a view of [%d, %d] from element %d does not lie inside [%d, %d]"
              .formatted(rows, columns, offset, tensor.rows(), tensor.columns()));
    }
  }

  /** Host memory for the whole tensor, for {@link Backend#read} and {@link Backend#write}. */
  public static void hostMemory(long bytes, Tensor tensor) {
    require(
        bytes >= tensor.size() * Float.BYTES,
        "host memory of %d bytes is too small for [%d, %d] fp32 numbers",
        bytes,
        tensor.rows(),
        tensor.columns());
  }

  /** Two tensors with the same number of elements. */
  public static void sameSize(String kernel, Tensor expected, String name, Tensor tensor) {
    require(
        tensor.size() == expected.size(),
        "%s: %s is [%d, %d], expected as many elements as [%d, %d]",
        kernel,
        name,
        tensor.rows(),
        tensor.columns(),
        expected.rows(),
        expected.columns());
  }

  /** {@link Backend#embed}: table [V, h], x [tokens, h]. */
  public static void embed(Tensor table, int[] tokens, Tensor x) {
    matrix("embed", "x", x, tokens.length, table.columns());
    indices("embed", "token", tokens, table.rows());
  }

  /** {@link Backend#gatherRows}: x [R, h], y [rows, h]. */
  public static void gatherRows(Tensor x, int[] rows, Tensor y) {
    matrix("gatherRows", "y", y, rows.length, x.columns());
    indices("gatherRows", "row", rows, x.rows());
  }

  /** {@link Backend#linear}: x [R, in], weight [out, in], bias [1, out], y [R, out]. */
  public static void linear(Tensor x, Tensor weight, Tensor bias, Tensor preActivation, Tensor y) {
    matrix("linear", "weight", weight, y.columns(), x.columns());
    matrix("linear", "bias", bias, 1, y.columns());
    matrix("linear", "y", y, x.rows(), weight.rows());
    matrix("linear", "preActivation", preActivation, x.rows(), weight.rows());
  }

  /** {@link Backend#linearBackward}: as the forward, gradients like their tensors. */
  public static void linearBackward(
      Tensor dy,
      Tensor x,
      Tensor weight,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Tensor dWeight,
      Tensor dBias) {
    linear(x, weight, dBias, preActivation, dy);
    matrix("linearBackward", "dx", dx, x.rows(), x.columns());
    matrix("linearBackward", "dWeight", dWeight, weight.rows(), weight.columns());
    require(
        activation == Activation.NONE || preActivation != null,
        "linearBackward: %s needs the preActivation that the forward kept",
        activation);
  }

  /**
   * {@link Backend#normModulate}: x, z [R, h], weight [1, h], modulation [S, k], statistics [R, 2].
   */
  public static void normModulate(
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor z) {
    matrix("normModulate", "x", x, layout.rows(), x.columns());
    matrix("normModulate", "weight", weight, 1, x.columns());
    matrix("normModulate", "z", z, x.rows(), x.columns());
    matrix("normModulate", "statistics", statistics, x.rows(), 2);
    modulation("normModulate", "shift", modulation, shiftColumn, x.columns(), layout);
    modulation("normModulate", "scale", modulation, scaleColumn, x.columns(), layout);
  }

  /** {@link Backend#rotate}: qkv [R, 3h], h a multiple of heads, an even number for each head. */
  public static void rotate(Tensor qkv, int heads, RowLayout layout) {
    heads("rotate", qkv, heads, layout);
    require(
        qkv.columns() / 3 / heads % 2 == 0,
        "rotate: a head of %d columns has no two halves",
        qkv.columns() / 3 / heads);
  }

  /** {@link Backend#attend}: qkv [R, 3h], mix [R, h], logSums [R, heads]. */
  public static void attend(Tensor qkv, int heads, RowLayout layout, Tensor logSums, Tensor mix) {
    heads("attend", qkv, heads, layout);
    matrix("attend", "mix", mix, layout.rows(), qkv.columns() / 3);
    matrix("attend", "logSums", logSums, layout.rows(), heads);
  }

  /** {@link Backend#addGated}: branch, x [R, h], modulation [S, k]. */
  public static void addGated(
      Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x) {
    matrix("addGated", "x", x, layout.rows(), x.columns());
    matrix("addGated", "branch", branch, x.rows(), x.columns());
    modulation("addGated", "gate", modulation, gateColumn, x.columns(), layout);
  }

  /** {@link Backend#dropout}: x [R, h]. */
  public static void dropout(RowLayout layout, Tensor x) {
    matrix("dropout", "x", x, layout.rows(), x.columns());
  }

  /** {@link Backend#draw}: logits [R, V], own and drawn of R, a rule for each sequence. */
  public static void draw(
      Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    matrix("draw", "logits", logits, layout.rows(), logits.columns());
    count("draw", "drawn states", drawn.length, layout.rows());
    count("draw", "own states", own.length, layout.rows());
    count("draw", "rules", rules.size(), layout.sequences());
    indices("draw", "own state", own, logits.columns());
    for (int s = 0; s < rules.size(); s++) {
      DrawRule rule = rules.get(s);
      require(
          rule.temperature() > 0 && rule.topP() > 0 && rule.topP() <= 1,
          "draw: sequence %d has temperature %s and top-p %s; they must be above 0, and in (0, 1]",
          s,
          rule.temperature(),
          rule.topP());
    }
  }

  /** {@link Backend#scoreEntropy}: logits, gradient [R, V], the rest of R, a term a sequence. */
  public static void scoreEntropy(
      Graph graph,
      Tensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Tensor gradient) {
    matrix("scoreEntropy", "logits", logits, layout.rows(), graph.states());
    matrix("scoreEntropy", "gradient", gradient, layout.rows(), graph.states());
    count("scoreEntropy", "noisy states", x.length, layout.rows());
    count("scoreEntropy", "clean tokens", x0.length, layout.rows());
    count("scoreEntropy", "losses", loss.length, layout.rows());
    count("scoreEntropy", "terms", terms.size(), layout.sequences());
    indices("scoreEntropy", "noisy state", x, graph.states());
    indices("scoreEntropy", "clean token", x0, graph.tokens());
    for (int s = 0; s < terms.size(); s++) {
      noise("scoreEntropy", s, terms.get(s).sigma());
    }
  }

  private static void noise(String kernel, int sequence, double sigma) {
    double e = Math.expm1(sigma);
    require(
        e > 0 && e < Double.POSITIVE_INFINITY,
        "%s: sequence %d has sigma %s; expm1(sigma) must be positive and finite",
        kernel,
        sequence,
        sigma);
  }

  /** {@link Backend#scoreLoss}: logits, gradient [R, V], the rest of R. */
  public static void scoreLoss(
      Tensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      Tensor gradient) {
    matrix("scoreLoss", "gradient", gradient, logits.rows(), logits.columns());
    count("scoreLoss", "own states", own.length, logits.rows());
    count("scoreLoss", "targets", target.length, logits.rows());
    count("scoreLoss", "terms", terms.size(), logits.rows());
    count("scoreLoss", "losses", loss.length, logits.rows());
    indices("scoreLoss", "own state", own, logits.columns());
    indices("scoreLoss", "target", target, logits.columns());
  }

  /** {@link Backend#crossEntropy}: logits, gradient [R, V], the rest of R. */
  public static void crossEntropy(
      Tensor logits, int choices, int[] target, double[] weight, double[] loss, Tensor gradient) {
    require(
        choices >= 1 && choices <= logits.columns(),
        "crossEntropy: %d choices among %d columns",
        choices,
        logits.columns());
    matrix("crossEntropy", "gradient", gradient, logits.rows(), logits.columns());
    count("crossEntropy", "targets", target.length, logits.rows());
    count("crossEntropy", "weights", weight.length, logits.rows());
    count("crossEntropy", "losses", loss.length, logits.rows());
    indices("crossEntropy", "target", target, choices);
  }

  /** {@link Backend#meanScores}: logits [R, V], own of R, sigma of S. */
  public static void meanScores(
      Graph graph, Tensor logits, RowLayout layout, int[] own, double[] sigma) {
    matrix("meanScores", "logits", logits, layout.rows(), graph.states());
    count("meanScores", "own states", own.length, layout.rows());
    count("meanScores", "sigmas", sigma.length, layout.sequences());
    indices("meanScores", "own state", own, graph.states());
    for (int s = 0; s < sigma.length; s++) {
      noise("meanScores", s, sigma[s]);
    }
  }

  /** {@link Backend#adamW}: five tensors of one size, updates counted from 1. */
  public static void adamW(
      AdamWStep step,
      Tensor gradient,
      Tensor parameters,
      Tensor firstMoment,
      Tensor secondMoment,
      Tensor average) {
    sameSize("adamW", parameters, "gradient", gradient);
    sameSize("adamW", parameters, "firstMoment", firstMoment);
    sameSize("adamW", parameters, "secondMoment", secondMoment);
    sameSize("adamW", parameters, "average", average);
    require(step.number() >= 1, "adamW: step number %d; the first is 1", step.number());
  }

  /** A tensor of the given shape; null passes. */
  public static void matrix(String kernel, String name, Tensor tensor, int rows, int columns) {
    require(
        tensor == null || (tensor.rows() == rows && tensor.columns() == columns),
        "%s: %s is [%d, %d], expected [%d, %d]",
        kernel,
        name,
        tensor == null ? 0 : tensor.rows(),
        tensor == null ? 0 : tensor.columns(),
        rows,
        columns);
  }

  private static void heads(String kernel, Tensor qkv, int heads, RowLayout layout) {
    matrix(kernel, "qkv", qkv, layout.rows(), qkv.columns());
    require(
        heads >= 1 && qkv.columns() % (3 * heads) == 0,
        "%s: %d columns are not q, k and v of %d heads",
        kernel,
        qkv.columns(),
        heads);
  }

  private static void modulation(
      String kernel, String name, Tensor modulation, int column, int width, RowLayout layout) {
    matrix(kernel, "modulation", modulation, layout.sequences(), modulation.columns());
    require(
        column >= 0 && column + width <= modulation.columns(),
        "%s: %s columns %d to %d are not in a modulation of [%d, %d]",
        kernel,
        name,
        column,
        column + width,
        modulation.rows(),
        modulation.columns());
  }

  private static void count(String kernel, String what, int is, int expected) {
    require(is == expected, "%s: %d %s, expected %d", kernel, is, what, expected);
  }

  private static void indices(String kernel, String what, int[] indices, int bound) {
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0 || indices[i] >= bound) {
        throw new IllegalArgumentException(
            "%s: %s %d at %d is not in [0, %d)".formatted(kernel, what, indices[i], i, bound));
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency of ours
  private static void require(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(arguments));
    }
  }
}
