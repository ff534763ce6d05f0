package io.sedd.diffusion.backend;

import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What a kind of hardware brings: the kernels of {@link Backend}, method by method, without its
 * checks. {@link GuardedBackend} calls them with shapes that fit and tensors that are the kernels'
 * own, from one thread at a time. {@link #allocate}, {@link #workspace} and the workspace's own
 * methods, and the closing of tensors, may come from any thread at any time.
 *
 * @param <T> the tensors of this hardware
 */
public interface Kernels<T extends Tensor> extends AutoCloseable {

  String name();

  String description();

  Precision precision();

  /**
   * The tensor as one of these kernels; null stays null.
   *
   * @throws IllegalArgumentException if another backend made it, or it has been closed
   */
  T own(Tensor tensor);

  /** As {@link Backend#aside}; called without a turn. */
  default <R, X extends Throwable> R aside(ScopedValue.CallableOp<R, X> work) throws X {
    return work.call();
  }

  /**
   * As {@link Backend#replayed}.
   *
   * @return whether it has been done; else the kernels are to be called one by one
   */
  default boolean replay(Object owner, RowLayout layout, List<T> operands, Runnable kernels) {
    return false;
  }

  default void finish() {}

  /** As {@link Backend#memory}; from any thread at any time. */
  default Optional<DeviceMemory> memory() {
    return Optional.empty();
  }

  T allocate(int rows, int columns);

  Workspace workspace();

  void write(MemorySegment source, T target);

  default T freeze(T weight) {
    return weight;
  }

  void read(T source, MemorySegment target);

  void fill(T target, float value);

  void copy(T source, T target);

  void add(T source, T target);

  // --- network, forward and backward

  void embed(T table, int[] tokens, T x);

  void embedBackward(T dx, int[] tokens, T dTable);

  void linear(T x, T weight, T bias, Activation activation, T preActivation, T y);

  void linearBackward(
      T dy, T x, T weight, Activation activation, T preActivation, T dx, T dWeight, T dBias);

  void normModulate(
      T x,
      T weight,
      T modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      T statistics,
      T z);

  void normModulateBackward(
      T dz,
      T x,
      T weight,
      T modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      T statistics,
      T dx,
      T dWeight,
      T dModulation);

  void rotate(T qkv, int heads, RowLayout layout);

  void rotateBackward(T dqkv, int heads, RowLayout layout);

  void attend(T qkv, int heads, RowLayout layout, AttentionMask mask, T logSums, T mix);

  void attendBackward(
      T dMix, T qkv, T mix, T logSums, int heads, RowLayout layout, AttentionMask mask, T dqkv);

  void addGated(T branch, T modulation, int gateColumn, RowLayout layout, T x);

  void addGatedBackward(
      T dx, T branch, T modulation, int gateColumn, RowLayout layout, T dBranch, T dModulation);

  void dropout(Dropout dropout, int site, RowLayout layout, T x);

  void gatherRows(T x, int[] rows, T y);

  void gatherRowsBackward(T dy, int[] rows, T dx);

  // --- the two ends

  void draw(T logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn);

  default PendingDraw beginDraw(
      T logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    draw(logits, layout, own, rules, drawn);
    return PendingDraw.DONE;
  }

  void scoreEntropy(
      Graph graph,
      T logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      T gradient);

  void scoreLoss(
      T logits, int[] own, int[] target, List<ScoreTerm> terms, double[] loss, T gradient);

  void crossEntropy(
      T logits, int choices, int[] target, double[] weight, double[] loss, T gradient);

  void meanScores(Graph graph, T logits, RowLayout layout, int[] own, double[] sigma);

  // --- optimizer

  void adamW(AdamWStep step, T gradient, T parameters, T firstMoment, T secondMoment, T average);

  double sumOfSquares(T tensor);

  @Override
  void close();
}
