package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Shapes;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Checks shapes, then hands each kernel to its class. */
public final class Nd4jBackend implements Backend {

  /** Name by which it is chosen. */
  public static final String NAME = "nd4j";

  private final RowKernels rows;
  private final MatrixProduct product;
  private final RowPool pool;
  private final Scratch own;
  private final Scratch shared;
  private final LinearKernel linear;
  private final NormKernel norm;
  private final RotaryKernel rotary;
  private final AttentionForward attention;
  private final AttentionBackward attentionBackward;
  private final GateKernel gate;
  private final TableKernel table;
  private final DrawKernel draw;
  private final EntropyKernel entropy;
  private final OptimizerKernel optimizer;

  /**
   * @param pool owned by this backend from here on
   */
  Nd4jBackend(RowKernels rows, MatrixProduct product, RowPool pool) {
    this.rows = rows;
    this.product = product;
    this.pool = pool;
    this.own = new Scratch(pool.threads());
    this.shared = new Scratch(1);
    this.linear = new LinearKernel(product, rows, pool, shared);
    this.norm = new NormKernel(rows, pool, own, shared);
    this.rotary = new RotaryKernel(rows, pool);
    this.attention = new AttentionForward(rows, pool, own);
    this.attentionBackward = new AttentionBackward(rows, pool, own);
    this.gate = new GateKernel(rows, pool, shared);
    this.table = new TableKernel(rows, pool);
    this.draw = new DrawKernel(rows, pool);
    this.entropy = new EntropyKernel(rows, pool);
    this.optimizer = new OptimizerKernel(rows, pool);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "CPU, fp32, %d threads, %s, %s"
        .formatted(pool.threads(), product.description(), rows.description());
  }

  // --- memory

  @Override
  public Tensor allocate(int rows, int columns) {
    return Nd4jTensor.zeros(rows, columns);
  }

  @Override
  public Workspace workspace() {
    return new Nd4jWorkspace();
  }

  @Override
  public void write(MemorySegment source, Tensor target) {
    Shapes.hostMemory(source.byteSize(), target);
    Nd4jTensor to = Nd4jTensor.of(target);
    MemorySegment.copy(source, 0, Memory.ALL, to.address(), 4 * to.size());
  }

  @Override
  public void read(Tensor source, MemorySegment target) {
    Shapes.hostMemory(target.byteSize(), source);
    Nd4jTensor from = Nd4jTensor.of(source);
    MemorySegment.copy(Memory.ALL, from.address(), target, 0, 4 * from.size());
  }

  @Override
  public void fill(Tensor target, float value) {
    rows.spans().fill(Nd4jTensor.of(target).address(), value, Math.toIntExact(target.size()));
  }

  @Override
  public void copy(Tensor source, Tensor target) {
    Shapes.sameSize("copy", target, "source", source);
    Memory.copy(Nd4jTensor.of(source).address(), Nd4jTensor.of(target).address(), source.size());
  }

  @Override
  public void add(Tensor source, Tensor target) {
    Shapes.sameSize("add", target, "source", source);
    long from = Nd4jTensor.of(source).address();
    long to = Nd4jTensor.of(target).address();
    pool.forRanges(
        Math.toIntExact(source.size()),
        Grain.rows(1),
        (first, end, _) -> rows.spans().add(from + 4L * first, to + 4L * first, end - first));
  }

  // --- network

  @Override
  public void embed(Tensor table, int[] tokens, Tensor x) {
    Shapes.embed(table, tokens, x);
    this.table.pick(Nd4jTensor.of(table), tokens, Nd4jTensor.of(x));
  }

  @Override
  public void embedBackward(Tensor dx, int[] tokens, Tensor dTable) {
    Shapes.embed(dTable, tokens, dx);
    table.pickBackward(Nd4jTensor.of(dx), tokens, Nd4jTensor.of(dTable));
  }

  @Override
  public void linear(
      Tensor x, Tensor weight, Tensor bias, Activation activation, Tensor preActivation, Tensor y) {
    Shapes.linear(x, weight, bias, preActivation, y);
    linear.linear(
        Nd4jTensor.of(x),
        Nd4jTensor.of(weight),
        Nd4jTensor.of(bias),
        activation,
        Nd4jTensor.of(preActivation),
        Nd4jTensor.of(y));
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
    linear.linearBackward(
        Nd4jTensor.of(dy),
        Nd4jTensor.of(x),
        Nd4jTensor.of(weight),
        activation,
        Nd4jTensor.of(preActivation),
        Nd4jTensor.of(dx),
        Nd4jTensor.of(dWeight),
        Nd4jTensor.of(dBias));
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
    norm.normModulate(
        Nd4jTensor.of(x),
        Nd4jTensor.of(weight),
        Nd4jTensor.of(modulation),
        shiftColumn,
        scaleColumn,
        layout,
        Nd4jTensor.of(statistics),
        Nd4jTensor.of(z));
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
    norm.normModulateBackward(
        Nd4jTensor.of(dz),
        Nd4jTensor.of(x),
        Nd4jTensor.of(weight),
        Nd4jTensor.of(modulation),
        shiftColumn,
        scaleColumn,
        layout,
        Nd4jTensor.of(statistics),
        Nd4jTensor.of(dx),
        Nd4jTensor.of(dWeight),
        Nd4jTensor.of(dModulation));
  }

  @Override
  public void rotate(Tensor qkv, int heads, RowLayout layout) {
    Shapes.rotate(qkv, heads, layout);
    rotary.rotate(Nd4jTensor.of(qkv), heads, layout, 1);
  }

  @Override
  public void rotateBackward(Tensor dqkv, int heads, RowLayout layout) {
    Shapes.rotate(dqkv, heads, layout);
    rotary.rotate(Nd4jTensor.of(dqkv), heads, layout, -1);
  }

  @Override
  public void attend(Tensor qkv, int heads, RowLayout layout, Tensor logSums, Tensor mix) {
    Shapes.attend(qkv, heads, layout, logSums, mix);
    attention.attend(Nd4jTensor.of(qkv), heads, layout, Nd4jTensor.of(logSums), Nd4jTensor.of(mix));
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
    attentionBackward.attendBackward(
        Nd4jTensor.of(dMix),
        Nd4jTensor.of(qkv),
        Nd4jTensor.of(mix),
        Nd4jTensor.of(logSums),
        heads,
        layout,
        Nd4jTensor.of(dqkv));
  }

  @Override
  public void addGated(
      Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x) {
    Shapes.addGated(branch, modulation, gateColumn, layout, x);
    gate.addGated(
        Nd4jTensor.of(branch), Nd4jTensor.of(modulation), gateColumn, layout, Nd4jTensor.of(x));
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
    gate.addGatedBackward(
        Nd4jTensor.of(dx),
        Nd4jTensor.of(branch),
        Nd4jTensor.of(modulation),
        gateColumn,
        layout,
        Nd4jTensor.of(dBranch),
        Nd4jTensor.of(dModulation));
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor y) {
    Shapes.gatherRows(x, rows, y);
    table.pick(Nd4jTensor.of(x), rows, Nd4jTensor.of(y));
  }

  @Override
  public void gatherRowsBackward(Tensor dy, int[] rows, Tensor dx) {
    Shapes.gatherRows(dx, rows, dy);
    table.pickBackward(Nd4jTensor.of(dy), rows, Nd4jTensor.of(dx));
  }

  // --- the two ends

  @Override
  public void draw(Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    Shapes.draw(logits, layout, own, rules, drawn);
    draw.draw(Nd4jTensor.of(logits), layout, own, rules, drawn);
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
    entropy.scoreEntropy(
        graph, Nd4jTensor.of(logits), layout, x, x0, terms, loss, Nd4jTensor.of(gradient));
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
    optimizer.adamW(
        step,
        Nd4jTensor.of(gradient),
        Nd4jTensor.of(parameters),
        Nd4jTensor.of(firstMoment),
        Nd4jTensor.of(secondMoment),
        Nd4jTensor.of(average));
  }

  @Override
  public double sumOfSquares(Tensor tensor) {
    return optimizer.sumOfSquares(Nd4jTensor.of(tensor));
  }

  @Override
  public void close() {
    pool.close();
    rotary.close();
    own.close();
    shared.close();
  }
}
