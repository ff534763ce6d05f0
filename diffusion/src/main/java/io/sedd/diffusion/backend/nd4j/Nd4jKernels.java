package io.sedd.diffusion.backend.nd4j;

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
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.nd4j.rows.Memory;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Hands each kernel to its class. */
final class Nd4jKernels implements Kernels<Nd4jTensor> {

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
  private final DropoutKernel drop;
  private final TableKernel table;
  private final DrawKernel draw;
  private final EntropyKernel entropy;
  private final ScoreLossKernel scoreLoss;
  private final CrossEntropyKernel crossEntropy;
  private final MeanScoreKernel meanScores;
  private final OptimizerKernel optimizer;

  /**
   * @param pool owned by these kernels from here on
   */
  Nd4jKernels(RowKernels rows, MatrixProduct product, RowPool pool) {
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
    this.drop = new DropoutKernel(pool);
    this.table = new TableKernel(rows, pool);
    this.draw = new DrawKernel(rows, pool, own);
    this.entropy = new EntropyKernel(rows, pool);
    this.scoreLoss = new ScoreLossKernel(rows, pool, own);
    this.crossEntropy = new CrossEntropyKernel(rows, pool);
    this.meanScores = new MeanScoreKernel(rows, pool);
    this.optimizer = new OptimizerKernel(rows, pool);
  }

  @Override
  public String name() {
    return Nd4jBackend.NAME;
  }

  @Override
  public String description() {
    return "CPU, %d threads, %s, %s"
        .formatted(pool.threads(), product.description(), rows.description());
  }

  @Override
  public Precision precision() {
    return product.precision();
  }

  @Override
  public Nd4jTensor own(Tensor tensor) {
    return Nd4jTensor.of(tensor);
  }

  // --- memory

  @Override
  public Nd4jTensor allocate(int rows, int columns) {
    return Nd4jTensor.zeros(rows, columns);
  }

  @Override
  public Workspace workspace() {
    return new Nd4jWorkspace();
  }

  @Override
  public void write(MemorySegment source, Nd4jTensor target) {
    MemorySegment.copy(source, 0, Memory.ALL, target.address(), 4 * target.size());
  }

  @Override
  public void read(Nd4jTensor source, MemorySegment target) {
    MemorySegment.copy(Memory.ALL, source.address(), target, 0, 4 * source.size());
  }

  @Override
  public void fill(Nd4jTensor target, float value) {
    long address = target.address();
    pool.forRanges(
        Math.toIntExact(target.size()),
        Grain.rows(1),
        (from, end, _) -> rows.spans().fill(address + 4L * from, value, end - from));
  }

  @Override
  public void copy(Nd4jTensor source, Nd4jTensor target) {
    long from = source.address();
    long to = target.address();
    pool.forRanges(
        Math.toIntExact(source.size()),
        Grain.rows(1),
        (begin, end, _) -> Memory.copy(from + 4L * begin, to + 4L * begin, end - begin));
  }

  @Override
  public void add(Nd4jTensor source, Nd4jTensor target) {
    long from = source.address();
    long to = target.address();
    pool.forRanges(
        Math.toIntExact(source.size()),
        Grain.rows(1),
        (first, end, _) -> rows.spans().add(from + 4L * first, to + 4L * first, end - first));
  }

  @Override
  public Nd4jTensor freeze(Nd4jTensor weight) {
    return product
        .pack(weight)
        .map(packed -> Nd4jTensor.frozen(packed, weight.rows(), weight.columns()))
        .orElse(weight);
  }

  // --- network

  @Override
  public void embed(Nd4jTensor table, int[] tokens, Nd4jTensor x) {
    this.table.pick(table, tokens, x);
  }

  @Override
  public void embedBackward(Nd4jTensor dx, int[] tokens, Nd4jTensor dTable) {
    table.pickBackward(dx, tokens, dTable);
  }

  @Override
  public void linear(
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor bias,
      Activation activation,
      Nd4jTensor preActivation,
      Nd4jTensor y) {
    linear.linear(x, weight, bias, activation, preActivation, y);
  }

  @Override
  public void linearBackward(
      Nd4jTensor dy,
      Nd4jTensor x,
      Nd4jTensor weight,
      Activation activation,
      Nd4jTensor preActivation,
      Nd4jTensor dx,
      Nd4jTensor dWeight,
      Nd4jTensor dBias) {
    linear.linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
  }

  @Override
  public void normModulate(
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Nd4jTensor statistics,
      Nd4jTensor z) {
    norm.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
  }

  @Override
  public void normModulateBackward(
      Nd4jTensor dz,
      Nd4jTensor x,
      Nd4jTensor weight,
      Nd4jTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Nd4jTensor statistics,
      Nd4jTensor dx,
      Nd4jTensor dWeight,
      Nd4jTensor dModulation) {
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
  public void rotate(Nd4jTensor qkv, int heads, RowLayout layout) {
    rotary.rotate(qkv, heads, layout, 1);
  }

  @Override
  public void rotateBackward(Nd4jTensor dqkv, int heads, RowLayout layout) {
    rotary.rotate(dqkv, heads, layout, -1);
  }

  @Override
  public void attend(
      Nd4jTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      Nd4jTensor logSums,
      Nd4jTensor mix) {
    attention.attend(qkv, heads, layout, mask, logSums, mix);
  }

  @Override
  public void attendBackward(
      Nd4jTensor dMix,
      Nd4jTensor qkv,
      Nd4jTensor mix,
      Nd4jTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      Nd4jTensor dqkv) {
    attentionBackward.attendBackward(dMix, qkv, mix, logSums, heads, layout, mask, dqkv);
  }

  @Override
  public void addGated(
      Nd4jTensor branch, Nd4jTensor modulation, int gateColumn, RowLayout layout, Nd4jTensor x) {
    gate.addGated(branch, modulation, gateColumn, layout, x);
  }

  @Override
  public void addGatedBackward(
      Nd4jTensor dx,
      Nd4jTensor branch,
      Nd4jTensor modulation,
      int gateColumn,
      RowLayout layout,
      Nd4jTensor dBranch,
      Nd4jTensor dModulation) {
    gate.addGatedBackward(dx, branch, modulation, gateColumn, layout, dBranch, dModulation);
  }

  @Override
  public void dropout(Dropout dropout, int site, RowLayout layout, Nd4jTensor x) {
    drop.dropout(dropout, site, layout, x);
  }

  @Override
  public void gatherRows(Nd4jTensor x, int[] rows, Nd4jTensor y) {
    table.pick(x, rows, y);
  }

  @Override
  public void gatherRowsBackward(Nd4jTensor dy, int[] rows, Nd4jTensor dx) {
    table.pickBackward(dy, rows, dx);
  }

  // --- the two ends

  @Override
  public void draw(
      Nd4jTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    draw.draw(logits.address(), logits.columns(), layout, 0, logits.rows(), own, rules, drawn);
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      Nd4jTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Nd4jTensor gradient) {
    entropy.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
  }

  @Override
  public void scoreLoss(
      Nd4jTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      Nd4jTensor gradient) {
    scoreLoss.scoreLoss(logits, own, target, terms, loss, gradient);
  }

  @Override
  public void crossEntropy(
      Nd4jTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      Nd4jTensor gradient) {
    crossEntropy.crossEntropy(logits, choices, target, weight, loss, gradient);
  }

  @Override
  public void meanScores(
      Graph graph, Nd4jTensor logits, RowLayout layout, int[] own, double[] sigma) {
    meanScores.meanScores(graph, logits, layout, own, sigma);
  }

  // --- optimizer

  @Override
  public void adamW(
      AdamWStep step,
      Nd4jTensor gradient,
      Nd4jTensor parameters,
      Nd4jTensor firstMoment,
      Nd4jTensor secondMoment,
      Nd4jTensor average) {
    optimizer.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
  }

  @Override
  public double sumOfSquares(Nd4jTensor tensor) {
    return optimizer.sumOfSquares(tensor);
  }

  @Override
  public void close() {
    pool.close();
    product.close();
    rotary.close();
    own.close();
    shared.close();
  }
}
