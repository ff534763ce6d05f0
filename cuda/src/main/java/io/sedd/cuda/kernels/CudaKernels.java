package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Event;
import io.sedd.cuda.driver.KernelCompiler;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.DeviceMemory;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.Dropout;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Kernels;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.ScoreTerm;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Hands each kernel to its class. Kernels go on one stream and the caller does not wait for them;
 * only what brings numbers to the host (read, draw, losses, sums) does. They are compiled for every
 * architecture, and have been run nowhere yet.
 */
public final class CudaKernels implements Kernels<CudaTensor> {

  /** Name by which the backend is chosen. */
  public static final String NAME = "cuda";

  private static final ScopedValue<Aside> ASIDE = ScopedValue.newInstance();

  private final Driver driver;
  private final Products products;
  private final CudaMemory memory;
  private final KernelLibrary library;
  private final KernelSet steps;
  private final KernelSet beside;
  private final Replays replays;

  /** Work that is done beside the steps, by one thread. */
  private static final class Aside {

    private final CudaKernels kernels;
    private boolean begun;

    Aside(CudaKernels kernels) {
      this.kernels = kernels;
    }
  }

  /**
   * @param driver owned by these kernels from here on
   * @param products of the same device; owned by these kernels from here on
   */
  public CudaKernels(Driver driver, Products products, KernelCompiler compiler) {
    this.driver = driver;
    this.products = products;
    this.memory = new CudaMemory(driver);
    this.library = new KernelLibrary(driver, compiler);
    this.steps = KernelSet.on(driver, library, memory, products);
    this.beside = KernelSet.on(driver, library, memory, products);
    this.replays = new Replays(driver, steps.stream(), memory, steps.layouts());
  }

  /** Those of the calling thread's stream. */
  private KernelSet set() {
    if (!isAside()) {
      return steps;
    }
    Aside aside = ASIDE.get();
    if (!aside.begun) {
      // what the steps' stream was given up to now may be read there
      try (Event now = driver.newEvent()) {
        driver.record(now, steps.stream());
        driver.await(beside.stream(), now);
      }
      aside.begun = true;
    }
    return beside;
  }

  private boolean isAside() {
    return ASIDE.isBound() && ASIDE.get().kernels == this;
  }

  /**
   * On a stream of its own, so that a copy of weights to the device does not stand before the next
   * step. What it wrote is there when it returns.
   */
  @Override
  public <R, X extends Throwable> R aside(ScopedValue.CallableOp<R, X> work) throws X {
    try {
      return ScopedValue.where(ASIDE, new Aside(this)).call(work);
    } finally {
      driver.synchronize(beside.stream());
    }
  }

  @Override
  public boolean replay(
      Object owner, RowLayout layout, List<CudaTensor> operands, Runnable kernels) {
    return !isAside() && replays.run(owner, layout, operands, kernels);
  }

  @Override
  public void finish() {
    driver.synchronize(set().stream());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    DeviceProperties properties = driver.properties();
    return "%s (compute capability %d.%d, %d multiprocessors, %d MiB), products in bf16 with fp32 sums"
        .formatted(
            properties.name(),
            properties.major(),
            properties.minor(),
            properties.multiprocessors(),
            properties.totalBytes() >> 20);
  }

  /** Tensor cores multiply in bf16; there are no products in fp32. */
  @Override
  public Precision precision() {
    return Precision.BF16;
  }

  @Override
  public CudaTensor own(Tensor tensor) {
    return CudaTensor.of(tensor);
  }

  // --- memory

  @Override
  public Optional<DeviceMemory> memory() {
    return Optional.of(new DeviceMemory(driver.properties().totalBytes(), driver.freeBytes()));
  }

  @Override
  public CudaTensor allocate(int rows, int columns) {
    return memory.zeros(Element.F32, rows, columns);
  }

  @Override
  public Workspace workspace() {
    return memory.workspace(Element.F32);
  }

  @Override
  public void write(MemorySegment source, CudaTensor target) {
    if (target.size() > 0) {
      driver.toDevice(set().stream(), source.asSlice(0, bytes(target)), Device.fp32(target));
    }
  }

  @Override
  public void read(CudaTensor source, MemorySegment target) {
    if (source.size() == 0) {
      return;
    }
    KernelSet set = set();
    try (Device.Scope _ = set.device().scope()) {
      CudaTensor wide = source;
      if (source.element() == Element.BF16) {
        wide = set.device().take(Element.F32, source.rows(), source.columns());
        set.elements().widen(source, wide);
      }
      driver.toHost(set.stream(), wide.address(), target.asSlice(0, bytes(wide)));
    }
  }

  private static long bytes(CudaTensor tensor) {
    return tensor.size() * Float.BYTES;
  }

  /** In bf16 alone, half the memory; the products round a weight the same way each time. */
  @Override
  public CudaTensor freeze(CudaTensor weight) {
    Device.fp32(weight);
    CudaTensor frozen = memory.unset(Element.BF16, weight.rows(), weight.columns());
    set().elements().narrow(weight, frozen);
    return frozen;
  }

  @Override
  public void fill(CudaTensor target, float value) {
    if (target.size() > 0) {
      driver.fill32(
          set().stream(), Device.fp32(target), Float.floatToRawIntBits(value), target.size());
    }
  }

  @Override
  public void copy(CudaTensor source, CudaTensor target) {
    if (source.size() > 0) {
      driver.copy(set().stream(), Device.fp32(source), Device.fp32(target), bytes(source));
    }
  }

  @Override
  public void add(CudaTensor source, CudaTensor target) {
    set().elements().add(Device.fp32(source), target);
  }

  // --- network

  @Override
  public void embed(CudaTensor table, int[] tokens, CudaTensor x) {
    set().lookup().gather(table, tokens, x);
  }

  @Override
  public void embedBackward(CudaTensor dx, int[] tokens, CudaTensor dTable) {
    set().lookup().gatherBackward(dx, tokens, dTable);
  }

  @Override
  public void linear(
      CudaTensor x,
      CudaTensor weight,
      CudaTensor bias,
      Activation activation,
      CudaTensor preActivation,
      CudaTensor y) {
    set().linear().linear(x, weight, bias, activation, preActivation, y);
  }

  @Override
  public void linearBackward(
      CudaTensor dy,
      CudaTensor x,
      CudaTensor weight,
      Activation activation,
      CudaTensor preActivation,
      CudaTensor dx,
      CudaTensor dWeight,
      CudaTensor dBias) {
    set().linear().linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
  }

  @Override
  public void normModulate(
      CudaTensor x,
      CudaTensor weight,
      CudaTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      CudaTensor statistics,
      CudaTensor z) {
    set()
        .norm()
        .normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
  }

  @Override
  public void normModulateBackward(
      CudaTensor dz,
      CudaTensor x,
      CudaTensor weight,
      CudaTensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      CudaTensor statistics,
      CudaTensor dx,
      CudaTensor dWeight,
      CudaTensor dModulation) {
    set()
        .norm()
        .normModulateBackward(
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
  public void rotate(CudaTensor qkv, int heads, RowLayout layout) {
    set().rotary().rotate(qkv, heads, layout, 1);
  }

  @Override
  public void rotateBackward(CudaTensor dqkv, int heads, RowLayout layout) {
    set().rotary().rotate(dqkv, heads, layout, -1);
  }

  @Override
  public void attend(
      CudaTensor qkv,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      CudaTensor logSums,
      CudaTensor mix) {
    set().attention().attend(qkv, heads, layout, mask, logSums, mix);
  }

  @Override
  public void attendBackward(
      CudaTensor dMix,
      CudaTensor qkv,
      CudaTensor mix,
      CudaTensor logSums,
      int heads,
      RowLayout layout,
      AttentionMask mask,
      CudaTensor dqkv) {
    set().attention().attendBackward(dMix, qkv, mix, logSums, heads, layout, mask, dqkv);
  }

  @Override
  public void addGated(
      CudaTensor branch, CudaTensor modulation, int gateColumn, RowLayout layout, CudaTensor x) {
    set().gate().addGated(branch, modulation, gateColumn, layout, x);
  }

  @Override
  public void addGatedBackward(
      CudaTensor dx,
      CudaTensor branch,
      CudaTensor modulation,
      int gateColumn,
      RowLayout layout,
      CudaTensor dBranch,
      CudaTensor dModulation) {
    set().gate().addGatedBackward(dx, branch, modulation, gateColumn, layout, dBranch, dModulation);
  }

  @Override
  public void dropout(Dropout dropout, int site, RowLayout layout, CudaTensor x) {
    set().gate().dropout(dropout, site, layout, x);
  }

  @Override
  public void gatherRows(CudaTensor x, int[] rows, CudaTensor y) {
    set().lookup().gather(x, rows, y);
  }

  @Override
  public void gatherRowsBackward(CudaTensor dy, int[] rows, CudaTensor dx) {
    set().lookup().gatherBackward(dy, rows, dx);
  }

  // --- the two ends

  @Override
  public void draw(
      CudaTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    set().draw().draw(logits, layout, own, rules, drawn);
  }

  @Override
  public PendingDraw beginDraw(
      CudaTensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    return set().draw().begin(logits, layout, own, rules, drawn);
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      CudaTensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      CudaTensor gradient) {
    set().losses().scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
  }

  @Override
  public void scoreLoss(
      CudaTensor logits,
      int[] own,
      int[] target,
      List<ScoreTerm> terms,
      double[] loss,
      CudaTensor gradient) {
    set().losses().scoreLoss(logits, own, target, terms, loss, gradient);
  }

  @Override
  public void crossEntropy(
      CudaTensor logits,
      int choices,
      int[] target,
      double[] weight,
      double[] loss,
      CudaTensor gradient) {
    set().losses().crossEntropy(logits, choices, target, weight, loss, gradient);
  }

  @Override
  public void meanScores(
      Graph graph, CudaTensor logits, RowLayout layout, int[] own, double[] sigma) {
    set().losses().meanScores(graph, logits, layout, own, sigma);
  }

  // --- optimizer

  @Override
  public void adamW(
      AdamWStep step,
      CudaTensor gradient,
      CudaTensor parameters,
      CudaTensor firstMoment,
      CudaTensor secondMoment,
      CudaTensor average) {
    set().optimizer().adamW(step, gradient, parameters, firstMoment, secondMoment, average);
  }

  @Override
  public double sumOfSquares(CudaTensor tensor) {
    return set().optimizer().sumOfSquares(tensor);
  }

  @Override
  public void close() {
    replays.close();
    beside.close();
    steps.close();
    library.close();
    products.close();
    memory.close();
    driver.close();
  }
}
