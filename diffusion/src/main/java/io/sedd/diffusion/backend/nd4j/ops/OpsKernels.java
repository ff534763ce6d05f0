package io.sedd.diffusion.backend.nd4j.ops;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.DeviceMemory;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Kernels;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Hands each kernel to its class. */
final class OpsKernels implements Kernels<OpsTensor> {

  private final String name;
  private final String description;
  private final Device device;
  private final HostDraw draw;
  private final MemoryKernels memory;
  private final LookupKernels lookup;
  private final LinearKernels linear;
  private final NormKernels norm;
  private final RotaryKernel rotary;
  private final AttentionKernels attention;
  private final GateKernels gate;
  private final DropoutKernel drop;
  private final ScoreLossKernels scoreLoss;
  private final ChoiceKernels choices;
  private final OptimizerKernels optimizer;

  /**
   * @param draw owned by these kernels from here on
   */
  OpsKernels(String name, String description, Device device, HostDraw draw) {
    this.name = name;
    this.description = description;
    this.device = device;
    this.draw = draw;
    this.memory = new MemoryKernels(device);
    this.lookup = new LookupKernels(device);
    this.linear = new LinearKernels(device);
    this.norm = new NormKernels(device);
    this.rotary = new RotaryKernel(device);
    this.attention = new AttentionKernels(device);
    this.gate = new GateKernels(device);
    this.drop = new DropoutKernel(device);
    this.scoreLoss = new ScoreLossKernels(device);
    this.choices = new ChoiceKernels(device);
    this.optimizer = new OptimizerKernels(device);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Precision precision() {
    return Precision.FP32;
  }

  @Override
  public OpsTensor own(Tensor tensor) {
    return OpsTensor.of(tensor);
  }

  @Override
  public void finish() {
    device.finish();
  }

  // --- memory

  @Override
  public Optional<DeviceMemory> memory() {
    return device.memory();
  }

  @Override
  public OpsTensor allocate(int rows, int columns) {
    return OpsTensor.zeros(device, rows, columns);
  }

  @Override
  public Workspace workspace() {
    return new OpsWorkspace(device);
  }

  @Override
  public void write(MemorySegment source, OpsTensor target) {
    memory.write(source, target);
  }

  @Override
  public void read(OpsTensor source, MemorySegment target) {
    memory.read(source, target);
  }

  @Override
  public void fill(OpsTensor target, float value) {
    memory.fill(target, value);
  }

  @Override
  public void copy(OpsTensor source, OpsTensor target) {
    memory.copy(source, target);
  }

  @Override
  public void add(OpsTensor source, OpsTensor target) {
    memory.add(source, target);
  }

  // --- network

  @Override
  public void embed(OpsTensor table, int[] tokens, OpsTensor x) {
    lookup.gather(table, tokens, x);
  }

  @Override
  public void embedBackward(OpsTensor dx, int[] tokens, OpsTensor dTable) {
    lookup.gatherBackward(dx, tokens, dTable);
  }

  @Override
  public void linear(
      OpsTensor x,
      OpsTensor weight,
      OpsTensor bias,
      Activation activation,
      OpsTensor preActivation,
      OpsTensor y) {
    linear.linear(x, weight, bias, activation, preActivation, y);
  }

  @Override
  public void linearBackward(
      OpsTensor dy,
      OpsTensor x,
      OpsTensor weight,
      Activation activation,
      OpsTensor preActivation,
      OpsTensor dx,
      OpsTensor dWeight,
      OpsTensor dBias) {
    linear.linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
  }

  @Override
  public void normModulate(
      OpsTensor x,
      OpsTensor weight,
      OpsTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      OpsTensor statistics,
      OpsTensor z) {
    norm.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
  }

  @Override
  public void normModulateBackward(
      OpsTensor dz,
      OpsTensor x,
      OpsTensor weight,
      OpsTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      OpsTensor statistics,
      OpsTensor dx,
      OpsTensor dWeight,
      OpsTensor dModulation) {
    norm.normModulateBackward(
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
  public void rotate(OpsTensor qkv, int heads, RowLayout layout) {
    rotary.rotate(qkv, heads, layout, false);
  }

  @Override
  public void rotateBackward(OpsTensor dqkv, int heads, RowLayout layout) {
    rotary.rotate(dqkv, heads, layout, true);
  }

  @Override
  public void attend(
      OpsTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      OpsTensor logSums,
      OpsTensor mix) {
    attention.attend(qkv, heads, layout, mask, logSums, mix);
  }

  @Override
  public void attendBackward(
      OpsTensor dMix,
      OpsTensor qkv,
      OpsTensor mix,
      OpsTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      OpsTensor dqkv) {
    attention.attendBackward(dMix, qkv, mix, logSums, heads, layout, mask, dqkv);
  }

  @Override
  public void addGated(
      OpsTensor branch, OpsTensor modulation, int gateColumn, RowLayout layout, OpsTensor x) {
    gate.addGated(branch, modulation, gateColumn, layout, x);
  }

  @Override
  public void addGatedBackward(
      OpsTensor dx,
      OpsTensor branch,
      OpsTensor modulation,
      int gateColumn,
      RowLayout layout,
      OpsTensor dBranch,
      OpsTensor dModulation) {
    gate.addGatedBackward(dx, branch, modulation, gateColumn, layout, dBranch, dModulation);
  }

  @Override
  public void dropout(Dropout dropout, int site, RowLayout layout, OpsTensor x) {
    drop.dropout(dropout, site, layout, x);
  }

  @Override
  public void gatherRows(OpsTensor x, int[] rows, OpsTensor y) {
    lookup.gather(x, rows, y);
  }

  @Override
  public void gatherRowsBackward(OpsTensor dy, int[] rows, OpsTensor dx) {
    lookup.gatherBackward(dy, rows, dx);
  }

  // --- the two ends

  @Override
  public void draw(
      OpsTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    memory.draw(draw, logits, layout, own, rules, drawn);
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      OpsTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      OpsTensor gradient) {
    scoreLoss.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
  }

  @Override
  public void scoreLoss(
      OpsTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      OpsTensor gradient) {
    scoreLoss.scoreLoss(logits, own, target, terms, loss, gradient);
  }

  @Override
  public void crossEntropy(
      OpsTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      OpsTensor gradient) {
    this.choices.crossEntropy(logits, choices, target, weight, loss, gradient);
  }

  @Override
  public void meanScores(
      Graph graph, OpsTensor logits, RowLayout layout, int[] own, double[] sigma) {
    choices.meanScores(graph, logits, layout, own, sigma);
  }

  // --- optimizer

  @Override
  public void adamW(
      AdamWStep step,
      OpsTensor gradient,
      OpsTensor parameters,
      OpsTensor firstMoment,
      OpsTensor secondMoment,
      OpsTensor average) {
    optimizer.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
  }

  @Override
  public double sumOfSquares(OpsTensor tensor) {
    return optimizer.sumOfSquares(tensor);
  }

  @Override
  public void close() {
    draw.close();
    rotary.close();
    attention.close();
  }
}
