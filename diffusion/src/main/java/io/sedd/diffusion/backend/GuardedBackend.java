package io.sedd.diffusion.backend;

import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * The front of every backend: checks shapes ({@link Shapes}) and whose tensors they are, waits for
 * the caller's turn ({@link Turns}), then calls the kernel.
 *
 * @param <T> the tensors of the hardware
 */
public class GuardedBackend<T extends Tensor> implements Backend {

  /**
   * Numbers that are written in one turn, 16 MiB: some milliseconds, for which a step of another
   * thread may have to wait.
   */
  private static final int WRITTEN_AT_ONCE = 1 << 22;

  private final Kernels<T> kernels;
  private final Turns turns = new Turns(System::nanoTime);

  /** Owns the kernels from now on. */
  public GuardedBackend(Kernels<T> kernels) {
    this.kernels = kernels;
  }

  @Override
  public final String name() {
    return kernels.name();
  }

  @Override
  public final String description() {
    return kernels.description();
  }

  @Override
  public final Precision precision() {
    return kernels.precision();
  }

  @Override
  public final <R, X extends Throwable> R aside(ScopedValue.CallableOp<R, X> work) throws X {
    return turns.aside(() -> kernels.aside(work));
  }

  @Override
  public final void replayed(
      Object owner, RowLayout layout, List<Tensor> operands, Runnable calls) {
    boolean done;
    try (Turns.Turn _ = turns.take()) {
      done = kernels.replay(owner, layout, operands.stream().map(kernels::own).toList(), calls);
    }
    if (!done) {
      calls.run();
    }
  }

  @Override
  public final void finish() {
    try (Turns.Turn _ = turns.take()) {
      kernels.finish();
    }
  }

  // --- memory

  @Override
  public final Optional<DeviceMemory> memory() {
    return kernels.memory();
  }

  @Override
  public final Tensor allocate(int rows, int columns) {
    return kernels.allocate(rows, columns);
  }

  @Override
  public final Workspace workspace() {
    return kernels.workspace();
  }

  @Override
  public final void write(MemorySegment source, Tensor target) {
    Shapes.hostMemory(source.byteSize(), target);
    for (long from = 0; from < target.size(); from += WRITTEN_AT_ONCE) {
      int count = (int) Math.min(WRITTEN_AT_ONCE, target.size() - from);
      Tensor part = count == target.size() ? target : target.view(from, 1, count);
      try (Turns.Turn _ = turns.take()) {
        kernels.write(source.asSlice(from * Float.BYTES), kernels.own(part));
      }
    }
  }

  @Override
  public final Tensor freeze(Tensor weight) {
    try (Turns.Turn _ = turns.take()) {
      return kernels.freeze(kernels.own(weight));
    }
  }

  @Override
  public final void read(Tensor source, MemorySegment target) {
    Shapes.hostMemory(target.byteSize(), source);
    try (Turns.Turn _ = turns.take()) {
      kernels.read(kernels.own(source), target);
    }
  }

  @Override
  public final void fill(Tensor target, float value) {
    try (Turns.Turn _ = turns.take()) {
      kernels.fill(kernels.own(target), value);
    }
  }

  @Override
  public final void copy(Tensor source, Tensor target) {
    Shapes.sameSize("copy", source, "target", target);
    try (Turns.Turn _ = turns.take()) {
      kernels.copy(kernels.own(source), kernels.own(target));
    }
  }

  @Override
  public final void add(Tensor source, Tensor target) {
    Shapes.sameSize("add", source, "target", target);
    try (Turns.Turn _ = turns.take()) {
      kernels.add(kernels.own(source), kernels.own(target));
    }
  }

  // --- network, forward and backward

  @Override
  public final void embed(Tensor table, int[] tokens, Tensor x) {
    Shapes.embed(table, tokens, x);
    try (Turns.Turn _ = turns.take()) {
      kernels.embed(kernels.own(table), tokens, kernels.own(x));
    }
  }

  @Override
  public final void embedBackward(Tensor dx, int[] tokens, Tensor dTable) {
    Shapes.embed(dTable, tokens, dx);
    try (Turns.Turn _ = turns.take()) {
      kernels.embedBackward(kernels.own(dx), tokens, kernels.own(dTable));
    }
  }

  @Override
  public final void linear(
      Tensor x, Tensor weight, Tensor bias, Activation activation, Tensor preActivation, Tensor y) {
    Shapes.linear(x, weight, bias, preActivation, y);
    try (Turns.Turn _ = turns.take()) {
      kernels.linear(
          kernels.own(x),
          kernels.own(weight),
          kernels.own(bias),
          activation,
          kernels.own(preActivation),
          kernels.own(y));
    }
  }

  @Override
  public final void linearBackward(
      Tensor dy,
      Tensor x,
      Tensor weight,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Tensor dWeight,
      Tensor dBias) {
    Shapes.linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
    try (Turns.Turn _ = turns.take()) {
      kernels.linearBackward(
          kernels.own(dy),
          kernels.own(x),
          kernels.own(weight),
          activation,
          kernels.own(preActivation),
          kernels.own(dx),
          kernels.own(dWeight),
          kernels.own(dBias));
    }
  }

  @Override
  public final void normModulate(
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor z) {
    Shapes.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
    try (Turns.Turn _ = turns.take()) {
      kernels.normModulate(
          kernels.own(x),
          kernels.own(weight),
          kernels.own(modulation),
          shiftColumn,
          scaleColumn,
          layout,
          kernels.own(statistics),
          kernels.own(z));
    }
  }

  @Override
  public final void normModulateBackward(
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
      Tensor dModulation) {
    Shapes.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, dz);
    Shapes.normModulate(dx, dWeight, dModulation, shiftColumn, scaleColumn, layout, statistics, dz);
    try (Turns.Turn _ = turns.take()) {
      kernels.normModulateBackward(
          kernels.own(dz),
          kernels.own(x),
          kernels.own(weight),
          kernels.own(modulation),
          shiftColumn,
          scaleColumn,
          layout,
          kernels.own(statistics),
          kernels.own(dx),
          kernels.own(dWeight),
          kernels.own(dModulation));
    }
  }

  @Override
  public final void rotate(Tensor qkv, int heads, RowLayout layout) {
    Shapes.rotate(qkv, heads, layout);
    try (Turns.Turn _ = turns.take()) {
      kernels.rotate(kernels.own(qkv), heads, layout);
    }
  }

  @Override
  public final void rotateBackward(Tensor dqkv, int heads, RowLayout layout) {
    Shapes.rotate(dqkv, heads, layout);
    try (Turns.Turn _ = turns.take()) {
      kernels.rotateBackward(kernels.own(dqkv), heads, layout);
    }
  }

  @Override
  public final void attend(
      Tensor qkv, int heads, RowLayout layout, AttentionMask mask, Tensor logSums, Tensor mix) {
    Shapes.attend(qkv, heads, layout, logSums, mix);
    try (Turns.Turn _ = turns.take()) {
      kernels.attend(kernels.own(qkv), heads, layout, mask, kernels.own(logSums), kernels.own(mix));
    }
  }

  @Override
  public final void attendBackward(
      Tensor dMix,
      Tensor qkv,
      Tensor mix,
      Tensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      Tensor dqkv) {
    Shapes.attend(qkv, heads, layout, logSums, mix);
    Shapes.attend(dqkv, heads, layout, logSums, dMix);
    try (Turns.Turn _ = turns.take()) {
      kernels.attendBackward(
          kernels.own(dMix),
          kernels.own(qkv),
          kernels.own(mix),
          kernels.own(logSums),
          heads,
          layout,
          mask,
          kernels.own(dqkv));
    }
  }

  @Override
  public final void addGated(
      Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x) {
    Shapes.addGated(branch, modulation, gateColumn, layout, x);
    try (Turns.Turn _ = turns.take()) {
      kernels.addGated(
          kernels.own(branch), kernels.own(modulation), gateColumn, layout, kernels.own(x));
    }
  }

  @Override
  public final void addGatedBackward(
      Tensor dx,
      Tensor branch,
      Tensor modulation,
      int gateColumn,
      RowLayout layout,
      Tensor dBranch,
      Tensor dModulation) {
    Shapes.addGated(branch, modulation, gateColumn, layout, dx);
    Shapes.addGated(dBranch, dModulation, gateColumn, layout, dx);
    try (Turns.Turn _ = turns.take()) {
      kernels.addGatedBackward(
          kernels.own(dx),
          kernels.own(branch),
          kernels.own(modulation),
          gateColumn,
          layout,
          kernels.own(dBranch),
          kernels.own(dModulation));
    }
  }

  @Override
  public final void dropout(Dropout dropout, int site, RowLayout layout, Tensor x) {
    Shapes.dropout(layout, x);
    try (Turns.Turn _ = turns.take()) {
      kernels.dropout(dropout, site, layout, kernels.own(x));
    }
  }

  @Override
  public final void gatherRows(Tensor x, int[] rows, Tensor y) {
    Shapes.gatherRows(x, rows, y);
    try (Turns.Turn _ = turns.take()) {
      kernels.gatherRows(kernels.own(x), rows, kernels.own(y));
    }
  }

  @Override
  public final void gatherRowsBackward(Tensor dy, int[] rows, Tensor dx) {
    Shapes.gatherRows(dx, rows, dy);
    try (Turns.Turn _ = turns.take()) {
      kernels.gatherRowsBackward(kernels.own(dy), rows, kernels.own(dx));
    }
  }

  // --- the two ends

  @Override
  public final void draw(
      Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    Shapes.draw(logits, layout, own, rules, drawn);
    try (Turns.Turn _ = turns.take()) {
      kernels.draw(kernels.own(logits), layout, own, rules, drawn);
    }
  }

  @Override
  public final PendingDraw beginDraw(
      Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    Shapes.draw(logits, layout, own, rules, drawn);
    PendingDraw begun;
    try (Turns.Turn _ = turns.take()) {
      begun = kernels.beginDraw(kernels.own(logits), layout, own, rules, drawn);
    }
    return () -> await(begun);
  }

  private void await(PendingDraw begun) {
    try (Turns.Turn _ = turns.take()) {
      begun.await();
    }
  }

  @Override
  public final void scoreEntropy(
      Graph graph,
      Tensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Tensor gradient) {
    Shapes.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
    try (Turns.Turn _ = turns.take()) {
      kernels.scoreEntropy(
          graph, kernels.own(logits), layout, x, x0, terms, loss, kernels.own(gradient));
    }
  }

  @Override
  public final void scoreLoss(
      Tensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      Tensor gradient) {
    Shapes.scoreLoss(logits, own, target, terms, loss, gradient);
    try (Turns.Turn _ = turns.take()) {
      kernels.scoreLoss(kernels.own(logits), own, target, terms, loss, kernels.own(gradient));
    }
  }

  @Override
  public final void crossEntropy(
      Tensor logits, int choices, int[] target, double[] weight, double[] loss, Tensor gradient) {
    Shapes.crossEntropy(logits, choices, target, weight, loss, gradient);
    try (Turns.Turn _ = turns.take()) {
      kernels.crossEntropy(
          kernels.own(logits), choices, target, weight, loss, kernels.own(gradient));
    }
  }

  @Override
  public final void meanScores(
      Graph graph, Tensor logits, RowLayout layout, int[] own, double[] sigma) {
    Shapes.meanScores(graph, logits, layout, own, sigma);
    try (Turns.Turn _ = turns.take()) {
      kernels.meanScores(graph, kernels.own(logits), layout, own, sigma);
    }
  }

  // --- optimizer

  @Override
  public final void adamW(
      AdamWStep step,
      Tensor gradient,
      Tensor parameters,
      Tensor firstMoment,
      Tensor secondMoment,
      Tensor average) {
    Shapes.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
    try (Turns.Turn _ = turns.take()) {
      kernels.adamW(
          step,
          kernels.own(gradient),
          kernels.own(parameters),
          kernels.own(firstMoment),
          kernels.own(secondMoment),
          kernels.own(average));
    }
  }

  @Override
  public final double sumOfSquares(Tensor tensor) {
    try (Turns.Turn _ = turns.take()) {
      return kernels.sumOfSquares(kernels.own(tensor));
    }
  }

  @Override
  public final void close() {
    try (Turns.Turn _ = turns.take()) {
      kernels.close();
    }
  }
}
