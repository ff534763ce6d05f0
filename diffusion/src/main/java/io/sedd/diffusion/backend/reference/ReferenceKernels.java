package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Kernels;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** The kernels as plain loops on one thread: calls the loop of that name. */
final class ReferenceKernels implements Kernels<ArrayTensor> {

  private final Precision precision;

  /**
   * @param precision FP32 or BF16
   */
  ReferenceKernels(Precision precision) {
    this.precision = precision;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  private ArrayTensor factor(ArrayTensor tensor) {
    return switch (precision) {
      case DEFAULT, FP32 -> tensor;
      case BF16 -> Bf16.rounded(tensor);
    };
  }

  @Override
  public String name() {
    return ReferenceBackend.NAME;
  }

  @Override
  public String description() {
    return "plain Java loops on one thread, %s with sums in double".formatted(precision);
  }

  @Override
  public ArrayTensor own(Tensor tensor) {
    return switch (tensor) {
      case ArrayTensor array -> array;
      case null -> null;
      default ->
          throw new IllegalArgumentException(
              "the reference backend did not make this tensor: " + tensor);
    };
  }

  // --- memory

  @Override
  public ArrayTensor allocate(int rows, int columns) {
    return new ArrayTensor(new float[Shapes.size(rows, columns)], 0, rows, columns);
  }

  @Override
  public Workspace workspace() {
    return new ArrayWorkspace();
  }

  @Override
  public void write(MemorySegment source, ArrayTensor target) {
    MemorySegment.copy(
        source,
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        0,
        target.data,
        target.offset,
        target.rows * target.columns);
  }

  @Override
  public void read(ArrayTensor source, MemorySegment target) {
    MemorySegment.copy(
        source.data,
        source.offset,
        target,
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        0,
        source.rows * source.columns);
  }

  @Override
  public void fill(ArrayTensor target, float value) {
    Arrays.fill(target.data, target.offset, target.end(), value);
  }

  @Override
  public void copy(ArrayTensor source, ArrayTensor target) {
    System.arraycopy(
        source.data, source.offset, target.data, target.offset, source.rows * source.columns);
  }

  @Override
  public void add(ArrayTensor source, ArrayTensor target) {
    for (int i = 0; i < source.rows * source.columns; i++) {
      target.data[target.offset + i] += source.data[source.offset + i];
    }
  }

  // --- network, forward and backward

  @Override
  public void embed(ArrayTensor table, int[] tokens, ArrayTensor x) {
    LookupKernels.gather(table, tokens, x);
  }

  @Override
  public void embedBackward(ArrayTensor dx, int[] tokens, ArrayTensor dTable) {
    LookupKernels.gatherBackward(dx, tokens, dTable);
  }

  @Override
  public void linear(
      ArrayTensor x,
      ArrayTensor weight,
      ArrayTensor bias,
      Activation activation,
      ArrayTensor preActivation,
      ArrayTensor y) {
    LinearKernels.linear(this::factor, x, weight, bias, activation, preActivation, y);
  }

  @Override
  public void linearBackward(
      ArrayTensor dy,
      ArrayTensor x,
      ArrayTensor weight,
      Activation activation,
      ArrayTensor preActivation,
      ArrayTensor dx,
      ArrayTensor dWeight,
      ArrayTensor dBias) {
    LinearKernels.linearBackward(
        this::factor, dy, x, weight, activation, preActivation, dx, dWeight, dBias);
  }

  @Override
  public void normModulate(
      ArrayTensor x,
      ArrayTensor weight,
      ArrayTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      ArrayTensor statistics,
      ArrayTensor z) {
    NormKernels.normModulate(
        x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
  }

  @Override
  public void normModulateBackward(
      ArrayTensor dz,
      ArrayTensor x,
      ArrayTensor weight,
      ArrayTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      ArrayTensor statistics,
      ArrayTensor dx,
      ArrayTensor dWeight,
      ArrayTensor dModulation) {
    NormKernels.normModulateBackward(
        dz,
        x,
        weight,
        modulation,
        shiftColumn,
        scaleColumn,
        layout,
        statistics,
        dx,
        dWeight,
        dModulation);
  }

  @Override
  public void rotate(ArrayTensor qkv, int heads, RowLayout layout) {
    RotaryKernels.rotate(qkv, heads, layout);
  }

  @Override
  public void rotateBackward(ArrayTensor dqkv, int heads, RowLayout layout) {
    RotaryKernels.rotateBackward(dqkv, heads, layout);
  }

  @Override
  public void attend(
      ArrayTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      ArrayTensor logSums,
      ArrayTensor mix) {
    AttentionKernels.attend(qkv, heads, layout, mask, logSums, mix);
  }

  @Override
  public void attendBackward(
      ArrayTensor dMix,
      ArrayTensor qkv,
      ArrayTensor mix,
      ArrayTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      ArrayTensor dqkv) {
    AttentionKernels.attendBackward(dMix, qkv, mix, logSums, heads, layout, mask, dqkv);
  }

  @Override
  public void addGated(
      ArrayTensor branch, ArrayTensor modulation, int gateColumn, RowLayout layout, ArrayTensor x) {
    GateKernels.addGated(branch, modulation, gateColumn, layout, x);
  }

  @Override
  public void addGatedBackward(
      ArrayTensor dx,
      ArrayTensor branch,
      ArrayTensor modulation,
      int gateColumn,
      RowLayout layout,
      ArrayTensor dBranch,
      ArrayTensor dModulation) {
    GateKernels.addGatedBackward(dx, branch, modulation, gateColumn, layout, dBranch, dModulation);
  }

  @Override
  public void dropout(Dropout dropout, int site, RowLayout layout, ArrayTensor x) {
    DropoutKernel.dropout(dropout, site, layout, x);
  }

  @Override
  public void gatherRows(ArrayTensor x, int[] rows, ArrayTensor y) {
    LookupKernels.gather(x, rows, y);
  }

  @Override
  public void gatherRowsBackward(ArrayTensor dy, int[] rows, ArrayTensor dx) {
    LookupKernels.gatherBackward(dy, rows, dx);
  }

  // --- the two ends

  @Override
  public void draw(
      ArrayTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    DrawKernel.draw(logits, layout, own, rules, drawn);
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      ArrayTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      ArrayTensor gradient) {
    ScoreEntropyKernel.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
  }

  @Override
  public void scoreLoss(
      ArrayTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      ArrayTensor gradient) {
    ScoreLossKernel.scoreLoss(logits, own, target, terms, loss, gradient);
  }

  @Override
  public void crossEntropy(
      ArrayTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      ArrayTensor gradient) {
    CrossEntropyKernel.crossEntropy(logits, choices, target, weight, loss, gradient);
  }

  @Override
  public void meanScores(
      Graph graph, ArrayTensor logits, RowLayout layout, int[] own, double[] sigma) {
    MeanScoreKernel.meanScores(graph, logits, layout, own, sigma);
  }

  // --- optimizer

  @Override
  public void adamW(
      AdamWStep step,
      ArrayTensor gradient,
      ArrayTensor parameters,
      ArrayTensor firstMoment,
      ArrayTensor secondMoment,
      ArrayTensor average) {
    AdamWKernel.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
  }

  @Override
  public double sumOfSquares(ArrayTensor tensor) {
    double sum = 0;
    for (int i = tensor.offset; i < tensor.end(); i++) {
      sum += (double) tensor.data[i] * tensor.data[i];
    }
    return sum;
  }

  /** Holds nothing. */
  @Override
  public void close() {}
}
