package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** The kernels as plain loops on one thread: checks shapes, then calls the loop of that name. */
public final class ReferenceBackend implements Backend {

  /** Name by which it is chosen. */
  public static final String NAME = "reference";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "plain Java loops on one thread, fp32 with sums in double";
  }

  private static ArrayTensor array(Tensor tensor) {
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
  public Tensor allocate(int rows, int columns) {
    return new ArrayTensor(new float[Shapes.size(rows, columns)], 0, rows, columns);
  }

  @Override
  public Workspace workspace() {
    return new ArrayWorkspace();
  }

  @Override
  public void write(MemorySegment source, Tensor target) {
    Shapes.hostMemory(source.byteSize(), target);
    ArrayTensor to = array(target);
    MemorySegment.copy(
        source, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, to.data, to.offset, to.rows * to.columns);
  }

  @Override
  public void read(Tensor source, MemorySegment target) {
    Shapes.hostMemory(target.byteSize(), source);
    ArrayTensor from = array(source);
    MemorySegment.copy(
        from.data,
        from.offset,
        target,
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        0,
        from.rows * from.columns);
  }

  @Override
  public void fill(Tensor target, float value) {
    ArrayTensor to = array(target);
    Arrays.fill(to.data, to.offset, to.end(), value);
  }

  @Override
  public void copy(Tensor source, Tensor target) {
    Shapes.sameSize("copy", source, "target", target);
    ArrayTensor from = array(source);
    ArrayTensor to = array(target);
    System.arraycopy(from.data, from.offset, to.data, to.offset, from.rows * from.columns);
  }

  @Override
  public void add(Tensor source, Tensor target) {
    Shapes.sameSize("add", source, "target", target);
    ArrayTensor from = array(source);
    ArrayTensor to = array(target);
    for (int i = 0; i < from.rows * from.columns; i++) {
      to.data[to.offset + i] += from.data[from.offset + i];
    }
  }

  // --- network, forward and backward

  @Override
  public void embed(Tensor table, int[] tokens, Tensor x) {
    Shapes.embed(table, tokens, x);
    LookupKernels.gather(array(table), tokens, array(x));
  }

  @Override
  public void embedBackward(Tensor dx, int[] tokens, Tensor dTable) {
    Shapes.embed(dTable, tokens, dx);
    LookupKernels.gatherBackward(array(dx), tokens, array(dTable));
  }

  @Override
  public void linear(
      Tensor x, Tensor weight, Tensor bias, Activation activation, Tensor preActivation, Tensor y) {
    Shapes.linear(x, weight, bias, preActivation, y);
    LinearKernels.linear(
        array(x), array(weight), array(bias), activation, array(preActivation), array(y));
  }

  @Override
  public void linearBackward(
      Tensor dy,
      Tensor x,
      Tensor weight,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Tensor dWeight,
      Tensor dBias) {
    Shapes.linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
    LinearKernels.linearBackward(
        array(dy),
        array(x),
        array(weight),
        activation,
        array(preActivation),
        array(dx),
        array(dWeight),
        array(dBias));
  }

  @Override
  public void normModulate(
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor z) {
    Shapes.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
    NormKernels.normModulate(
        array(x),
        array(weight),
        array(modulation),
        shiftColumn,
        scaleColumn,
        layout,
        array(statistics),
        array(z));
  }

  @Override
  public void normModulateBackward(
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
    NormKernels.normModulateBackward(
        array(dz),
        array(x),
        array(weight),
        array(modulation),
        shiftColumn,
        scaleColumn,
        layout,
        array(statistics),
        array(dx),
        array(dWeight),
        array(dModulation));
  }

  @Override
  public void rotate(Tensor qkv, int heads, RowLayout layout) {
    Shapes.rotate(qkv, heads, layout);
    RotaryKernels.rotate(array(qkv), heads, layout);
  }

  @Override
  public void rotateBackward(Tensor dqkv, int heads, RowLayout layout) {
    Shapes.rotate(dqkv, heads, layout);
    RotaryKernels.rotateBackward(array(dqkv), heads, layout);
  }

  @Override
  public void attend(Tensor qkv, int heads, RowLayout layout, Tensor logSums, Tensor mix) {
    Shapes.attend(qkv, heads, layout, logSums, mix);
    AttentionKernels.attend(array(qkv), heads, layout, array(logSums), array(mix));
  }

  @Override
  public void attendBackward(
      Tensor dMix,
      Tensor qkv,
      Tensor mix,
      Tensor logSums,
      int heads,
      RowLayout layout,
      Tensor dqkv) {
    Shapes.attend(qkv, heads, layout, logSums, mix);
    Shapes.attend(dqkv, heads, layout, logSums, dMix);
    AttentionKernels.attendBackward(
        array(dMix), array(qkv), array(mix), array(logSums), heads, layout, array(dqkv));
  }

  @Override
  public void addGated(
      Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x) {
    Shapes.addGated(branch, modulation, gateColumn, layout, x);
    GateKernels.addGated(array(branch), array(modulation), gateColumn, layout, array(x));
  }

  @Override
  public void addGatedBackward(
      Tensor dx,
      Tensor branch,
      Tensor modulation,
      int gateColumn,
      RowLayout layout,
      Tensor dBranch,
      Tensor dModulation) {
    Shapes.addGated(branch, modulation, gateColumn, layout, dx);
    Shapes.addGated(dBranch, dModulation, gateColumn, layout, dx);
    GateKernels.addGatedBackward(
        array(dx),
        array(branch),
        array(modulation),
        gateColumn,
        layout,
        array(dBranch),
        array(dModulation));
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor y) {
    Shapes.gatherRows(x, rows, y);
    LookupKernels.gather(array(x), rows, array(y));
  }

  @Override
  public void gatherRowsBackward(Tensor dy, int[] rows, Tensor dx) {
    Shapes.gatherRows(dx, rows, dy);
    LookupKernels.gatherBackward(array(dy), rows, array(dx));
  }

  // --- the two ends

  @Override
  public void draw(Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    Shapes.draw(logits, layout, own, rules, drawn);
    DrawKernel.draw(array(logits), layout, own, rules, drawn);
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      Tensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Tensor gradient) {
    Shapes.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
    ScoreEntropyKernel.scoreEntropy(
        graph, array(logits), layout, x, x0, terms, loss, array(gradient));
  }

  // --- optimizer

  @Override
  public void adamW(
      AdamWStep step,
      Tensor gradient,
      Tensor parameters,
      Tensor firstMoment,
      Tensor secondMoment,
      Tensor average) {
    Shapes.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
    AdamWKernel.adamW(
        step,
        array(gradient),
        array(parameters),
        array(firstMoment),
        array(secondMoment),
        array(average));
  }

  @Override
  public double sumOfSquares(Tensor tensor) {
    ArrayTensor values = array(tensor);
    double sum = 0;
    for (int i = values.offset; i < values.end(); i++) {
      sum += (double) values.data[i] * values.data[i];
    }
    return sum;
  }

  /** Holds nothing. */
  @Override
  public void close() {}
}
