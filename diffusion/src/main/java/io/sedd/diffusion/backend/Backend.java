package io.sedd.diffusion.backend;

import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * The only place that knows the hardware: a dozen kernels over rows of tokens, each with its
 * backward twin.
 *
 * <p>Shapes: R rows (tokens of all sequences), S sequences, h hidden size, V states. A row's
 * sequence and position come from the {@link RowLayout}. {@code modulation} is [S, k]: shifts,
 * scales and gates of every sequence side by side, named by their first column. Outputs come last.
 * "Overwrites" and "adds to" say what happens to an output's old content.
 *
 * <p>A row's result does not depend on the other sequences of the batch (up to rounding of matrix
 * products). Several threads may use a backend: its kernels exclude each other. A workspace belongs
 * to one of them. Kernels throw {@link IllegalArgumentException} when shapes do not fit.
 */
public interface Backend extends AutoCloseable {

  /** Name by which it is chosen: {@code reference}, {@code nd4j}, {@code cuda}. */
  String name();

  /** One line for the log: device, precision, kernels in use and why. */
  String description();

  /** Of the matrix products: FP32 or BF16. */
  Precision precision();

  /**
   * Does some work beside a thread that steps, such as loading a checkpoint. Kernels that the work
   * calls give way to those of other threads.
   *
   * @return what the work returns
   */
  <R, X extends Throwable> R aside(ScopedValue.CallableOp<R, X> work) throws X;

  /**
   * Calls kernels that are called again and again in the same way, step after step, so that a
   * backend may record them and replay them as one. They bring nothing to the host or from it,
   * allocate nothing, and depend on nothing but what is named here: the same owner, layout and
   * operands (which say where a workspace stands) mean the same calls.
   *
   * @param owner of the weights that the kernels read
   * @param layout of their rows
   * @param operands what they read and write beside the weights, the lowest of the workspace first
   */
  void replayed(Object owner, RowLayout layout, List<Tensor> operands, Runnable kernels);

  /** Waits until all kernels that this thread called have run; for who measures them. */
  void finish();

  // --- memory
  // ------------------------------------------------------------------------------------------------------

  /** The device's memory at this moment; empty where tensors are in the host's. */
  Optional<DeviceMemory> memory();

  /** A tensor of zeros, owned by the caller. */
  Tensor allocate(int rows, int columns);

  /** A workspace, owned by the caller. */
  Workspace workspace();

  /** Copies fp32 numbers of this platform's byte order from host memory into the whole tensor. */
  void write(MemorySegment source, Tensor target);

  /** Copies the whole tensor to host memory as fp32 numbers of this platform's byte order. */
  void read(Tensor source, MemorySegment target);

  /** The whole tensor as a new array, row after row. */
  default float[] read(Tensor source) {
    float[] values = new float[Math.toIntExact(source.size())];
    read(source, MemorySegment.ofArray(values));
    return values;
  }

  /** Sets every element. */
  void fill(Tensor target, float value);

  /** target = source; same number of elements. */
  void copy(Tensor source, Tensor target);

  /** target += source; same number of elements. */
  void add(Tensor source, Tensor target);

  /**
   * A promise that a weight will not change any more, so that the backend may keep it in the form
   * that its matrix product prefers.
   *
   * @param weight of {@link #linear}
   * @return what stands for the weight in {@link #linear} and can do nothing else, owned by the
   *     caller, while the weight itself is not needed for it; or the weight itself
   */
  Tensor freeze(Tensor weight);

  // --- network, forward and backward
  // -------------------------------------------------------------------------------

  /** x[r] = table[tokens[r]]; table [V, h], x [R, h]. */
  void embed(Tensor table, int[] tokens, Tensor x);

  /** Adds dx[r] to dTable[tokens[r]]. */
  void embedBackward(Tensor dx, int[] tokens, Tensor dTable);

  /**
   * y = activation(x Wᵀ + b); x [R, in], W [out, in], b [1, out] or null, y [R, out].
   *
   * @param preActivation [R, out]: x Wᵀ + b is kept there for the backward; null where none is
   *     wanted
   */
  void linear(
      Tensor x, Tensor weight, Tensor bias, Activation activation, Tensor preActivation, Tensor y);

  /**
   * Gradients of {@link #linear}. Overwrites dy with the gradient before the activation and dx
   * (null: not wanted); adds to dWeight and dBias (null: no bias).
   *
   * @param preActivation what the forward kept; may be null where the activation is NONE
   */
  void linearBackward(
      Tensor dy,
      Tensor x,
      Tensor weight,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Tensor dWeight,
      Tensor dBias);

  /**
   * z = LayerNorm(x) · weight · (1 + scale) + shift, eps 1e-5; x, z [R, h], weight [1, h].
   *
   * @param statistics [R, 2]: mean and 1/deviation of each row are kept there for the backward;
   *     null where none is wanted
   */
  void normModulate(
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor z);

  /**
   * Gradients of {@link #normModulate}. Adds to dx, dWeight and, in the two column ranges, to
   * dModulation.
   */
  void normModulateBackward(
      Tensor dz,
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor dx,
      Tensor dWeight,
      Tensor dModulation);

  /**
   * Rotary position encoding of q and k in place, halves of each head: (a, b) becomes (a cos - b
   * sin, b cos + a sin), angle = position · 10000^(-2j/d). qkv [R, 3h], columns q, k, v, each split
   * into heads of d; v is left alone.
   */
  void rotate(Tensor qkv, int heads, RowLayout layout);

  /** Gradient of {@link #rotate}, in place: the rotation by the opposite angle. */
  void rotateBackward(Tensor dqkv, int heads, RowLayout layout);

  /**
   * softmax(q kᵀ/√d) v within each sequence; qkv [R, 3h], mix [R, h]. No L×L tensor is kept.
   *
   * @param mask which positions a position attends to
   * @param logSums [R, heads]: ln sum exp(q kᵀ/√d) of each row and head is kept there for the
   *     backward; null where none is wanted
   */
  void attend(
      Tensor qkv, int heads, RowLayout layout, AttentionMask mask, Tensor logSums, Tensor mix);

  /** As {@link #attend} with all positions attending to all. */
  default void attend(Tensor qkv, int heads, RowLayout layout, Tensor logSums, Tensor mix) {
    attend(qkv, heads, layout, AttentionMask.NONE, logSums, mix);
  }

  /** Gradients of {@link #attend}. Overwrites dqkv. */
  void attendBackward(
      Tensor dMix,
      Tensor qkv,
      Tensor mix,
      Tensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      Tensor dqkv);

  /** As {@link #attendBackward} with all positions attending to all. */
  default void attendBackward(
      Tensor dMix,
      Tensor qkv,
      Tensor mix,
      Tensor logSums,
      int heads,
      RowLayout layout,
      Tensor dqkv) {
    attendBackward(dMix, qkv, mix, logSums, heads, layout, AttentionMask.NONE, dqkv);
  }

  /** x += gate ⊙ branch; x, branch [R, h], gate per sequence. */
  void addGated(Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x);

  /**
   * Gradients of {@link #addGated}; dx itself passes on unchanged. Overwrites dBranch, adds to
   * dModulation.
   */
  void addGatedBackward(
      Tensor dx,
      Tensor branch,
      Tensor modulation,
      int gateColumn,
      RowLayout layout,
      Tensor dBranch,
      Tensor dModulation);

  /**
   * Multiplies by the {@link Dropout#factors} of each row; x [R, h]. The gradient is the same
   * kernel on dx.
   *
   * @param site which of the network's places
   */
  void dropout(Dropout dropout, int site, RowLayout layout, Tensor x);

  /** y[i] = x[rows[i]]. */
  void gatherRows(Tensor x, int[] rows, Tensor y);

  /** Adds dy[i] to dx[rows[i]]. */
  void gatherRowsBackward(Tensor dy, int[] rows, Tensor dx);

  // --- the two ends
  // ------------------------------------------------------------------------------------------------

  /**
   * One exact categorical draw a row, by its sequence's rule. One uniform number of 53 bits a row,
   * from Philox 4x32-10 keyed by (seed, sample, step, position); sums in double, in an order that
   * depends on the row alone.
   *
   * @param logits [R, V]; the entry of a row's own state is not read
   * @param layout of these rows, with their positions
   * @param own present state of each row
   * @param rules one a sequence
   * @param drawn receives the new state of each row
   * @throws ArithmeticException naming the row if its scores are not finite or all weights are 0
   */
  void draw(Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn);

  /**
   * As {@link #draw}, without waiting for a device that computes beside the host. The logits may be
   * given up at once; {@code drawn} is filled by {@link PendingDraw#await}, or earlier.
   */
  PendingDraw beginDraw(
      Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn);

  /**
   * Score entropy of each row and its gradient (arXiv 2310.16834, definition 3.2; stable form, r =
   * E/(E+V), E = expm1(sigma)). For the absorbing graph a row that is not masked has loss and
   * gradient 0.
   *
   * @param logits [R, V]; the entry of a row's own state is not read
   * @param layout of these rows
   * @param x noisy state of each row
   * @param x0 clean token of each row
   * @param terms one a sequence
   * @param loss receives the score entropy of each row, not weighted
   * @param gradient [R, V], overwritten with weight · d loss / d logit, 0 at the own state; may be
   *     the logits themselves; null where none is wanted
   */
  void scoreEntropy(
      Graph graph,
      Tensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Tensor gradient);

  /**
   * A loss of each row's scores and its gradient; see {@link ScoreTerm}.
   *
   * @param logits [R, V]; the entry of a row's own state is not read
   * @param own state of each row
   * @param target of each row
   * @param terms one a row
   * @param loss receives the loss of each row, not weighted
   * @param gradient [R, V], overwritten with weight · d loss / d logit, 0 at the own state; may be
   *     the logits themselves; null where none is wanted
   */
  void scoreLoss(
      Tensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      Tensor gradient);

  /**
   * Cross-entropy of each row over its first {@code choices} columns: ln sum exp(logit(y)) -
   * logit(target).
   *
   * @param logits [R, V], V at least {@code choices}; what lies behind is not read
   * @param target one of the choices for each row
   * @param weight of each row's gradient, not of its loss
   * @param loss receives the loss of each row
   * @param gradient [R, V], overwritten with weight · d loss / d logit, 0 behind the choices; may
   *     be the logits themselves; null where none is wanted
   */
  void crossEntropy(
      Tensor logits, int choices, int[] target, double[] weight, double[] loss, Tensor gradient);

  /**
   * Turns logits of the clean token into log scores, in place. With p the softmax over the tokens,
   * E = expm1(sigma), r = E/(E+V) and x the own state:
   *
   * <pre>
   *   absorbing, x the mask:  s(y) = p(y) / E
   *   uniform:                s(y) = 1 + p(y) (1/r - 1) - p(x) (1 - r)
   * </pre>
   *
   * the expectation of p(y | x0) / p(x | x0) over x0. A row of the absorbing graph that is not
   * masked is left alone, as is the own state's entry.
   *
   * @param logits [R, V]
   * @param layout of these rows
   * @param own state of each row
   * @param sigma total noise of each sequence, above 0
   */
  void meanScores(Graph graph, Tensor logits, RowLayout layout, int[] own, double[] sigma);

  // --- optimizer
  // ---------------------------------------------------------------------------------------------------

  /**
   * One update of AdamW (arXiv 1711.05101) with the moving average of the parameters; all tensors
   * have the same number of elements.
   *
   * <pre>
   *   G = gradient · scale + l2 p;  p -= lr wd p;  m = b1 m + (1-b1) G;  v = b2 v + (1-b2) G²
   *   p -= lr (m/(1-b1^n)) / (sqrt(v/(1-b2^n)) + eps);  average = d average + (1-d) p
   * </pre>
   */
  void adamW(
      AdamWStep step,
      Tensor gradient,
      Tensor parameters,
      Tensor firstMoment,
      Tensor secondMoment,
      Tensor average);

  /** Sum of squares of all elements, in double; NaN or infinite if an element is. */
  double sumOfSquares(Tensor tensor);

  @Override
  void close();
}
