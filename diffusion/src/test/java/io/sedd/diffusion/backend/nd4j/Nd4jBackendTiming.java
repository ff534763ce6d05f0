package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Random;

/**
 * Prints GFLOP/s of the products and milliseconds of each kernel, best of several runs, on 4096
 * rows (32 sequences of 128) of 256 columns. Argument: threads, 2 by default.
 */
public final class Nd4jBackendTiming {

  private static final int LENGTH = 128;
  private static final int SEQUENCES = 32;
  private static final int ROWS = LENGTH * SEQUENCES;
  private static final int HIDDEN = 256;
  private static final int HEADS = 8;
  private static final int STATES = 4097;

  private final Backend backend;
  private final RowLayout layout;
  private final Random random = new Random(1);

  private Nd4jBackendTiming(Backend backend) {
    this.backend = backend;
    int[] lengths = new int[SEQUENCES];
    Arrays.fill(lengths, LENGTH);
    this.layout = RowLayout.ofLengths(lengths);
  }

  public static void main(String[] arguments) {
    int threads = arguments.length == 0 ? 2 : Integer.parseInt(arguments[0]);
    RowPool pool = new RowPool(threads);
    MatrixProduct oneDnn = new SgemmProduct(OneDnn.load(), pool);
    RowPool one = new RowPool(1);
    try (Backend backend =
        new Nd4jBackend(RowKernels.best(), new Nd4jMatrixProduct("to compare", one), one)) {
      System.out.println(backend.description());
      new Nd4jBackendTiming(backend).products();
    }
    try (Backend backend = new Nd4jBackend(RowKernels.best(), oneDnn, pool)) {
      System.out.println(backend.description());
      Nd4jBackendTiming timing = new Nd4jBackendTiming(backend);
      timing.products();
      timing.rows();
      timing.attention(LENGTH, SEQUENCES);
      timing.attention(1024, 4);
      timing.block();
    }
  }

  private void products() {
    int[][] shapes = {{4096, 192, 768}, {4096, 256, 1024}, {2048, 768, 3072}, {3, 64, 384}};
    for (int[] shape : shapes) {
      Tensor x = random(shape[0], shape[1]);
      Tensor w = random(shape[2], shape[1]);
      Tensor y = random(shape[0], shape[2]);
      double flops = 2.0 * shape[0] * shape[1] * shape[2];
      double forward = best(() -> backend.linear(x, w, null, Activation.NONE, null, y));
      Tensor dx = random(shape[0], shape[1]);
      Tensor dw = random(shape[2], shape[1]);
      double both =
          best(() -> backend.linearBackward(y, x, w, Activation.NONE, null, dx, dw, null));
      System.out.printf(
          Locale.ROOT,
          "%-20s forward %8.4f ms %6.1f GFLOP/s   backward %8.4f ms %6.1f GFLOP/s%n",
          Arrays.toString(shape),
          1e3 * forward,
          flops / forward / 1e9,
          1e3 * both,
          2 * flops / both / 1e9);
    }
  }

  private void rows() {
    Tensor x = random(ROWS, HIDDEN);
    Tensor y = random(ROWS, HIDDEN);
    Tensor z = random(ROWS, HIDDEN);
    Tensor weight = random(1, HIDDEN);
    Tensor modulation = random(SEQUENCES, 6 * HIDDEN);
    Tensor dModulation = random(SEQUENCES, 6 * HIDDEN);
    Tensor statistics = backend.allocate(ROWS, 2);
    print(
        "normModulate",
        () -> backend.normModulate(x, weight, modulation, 0, HIDDEN, layout, statistics, z));
    print(
        "normModulateBackward",
        () ->
            backend.normModulateBackward(
                y, x, weight, modulation, 0, HIDDEN, layout, statistics, z, weight, dModulation));
    print("addGated", () -> backend.addGated(y, modulation, 0, layout, x));
    print(
        "addGatedBackward",
        () -> backend.addGatedBackward(x, y, modulation, 0, layout, z, dModulation));
    Tensor qkv = random(ROWS, 3 * HIDDEN);
    print("rotate", () -> backend.rotate(qkv, HEADS, layout));
    int[] tokens = random.ints(ROWS, 0, STATES - 1).toArray();
    Tensor table = random(STATES, HIDDEN);
    print("embed", () -> backend.embed(table, tokens, x));
    print("embedBackward", () -> backend.embedBackward(x, tokens, table));
    Tensor wide = random(ROWS, 4 * HIDDEN);
    Tensor bias = random(1, 4 * HIDDEN);
    Tensor wideWeight = random(4 * HIDDEN, HIDDEN);
    Tensor pre = random(ROWS, 4 * HIDDEN);
    print(
        "linear 256-1024", () -> backend.linear(y, wideWeight, null, Activation.NONE, null, wide));
    print(
        "  with bias and GELU",
        () -> backend.linear(y, wideWeight, bias, Activation.GELU, pre, wide));
    ends(tokens);
    int size = 8_000_000;
    Tensor[] t = new Tensor[5];
    Arrays.setAll(t, _ -> backend.allocate(1, size));
    print(
        "adamW, 8M parameters",
        () ->
            backend.adamW(
                new AdamWStep(1, 1e-3, 0.9, 0.999, 1e-8, 0, 1, 0.999),
                t[0],
                t[1],
                t[2],
                t[3],
                t[4]));
    print("sumOfSquares, 8M", () -> backend.sumOfSquares(t[0]));
  }

  private void ends(int[] tokens) {
    Tensor logits = random(ROWS, STATES);
    Tensor gradient = random(ROWS, STATES);
    int[] masked = new int[ROWS];
    Arrays.fill(masked, STATES - 1);
    double[] loss = new double[ROWS];
    var terms = Collections.nCopies(SEQUENCES, new EntropyTerm(1, -8, 1));
    print(
        "scoreEntropy, V 4097",
        () ->
            backend.scoreEntropy(
                new Graph.Absorbing(STATES - 1),
                logits,
                layout,
                masked,
                tokens,
                terms,
                loss,
                gradient));
    var rules = Collections.nCopies(SEQUENCES, new DrawRule(1, 0, 1, 0, -8, 1, 1, 7, 0, 0));
    print("draw, V 4097", () -> backend.draw(logits, layout, masked, rules, new int[ROWS]));
  }

  private void attention(int length, int sequences) {
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, length);
    RowLayout these = RowLayout.ofLengths(lengths);
    Tensor qkv = random(these.rows(), 3 * HIDDEN);
    Tensor mix = random(these.rows(), HIDDEN);
    Tensor logSums = backend.allocate(these.rows(), HEADS);
    Tensor dqkv = random(these.rows(), 3 * HIDDEN);
    Tensor dMix = random(these.rows(), HIDDEN);
    double flops = 4.0 * these.rows() * length * HIDDEN;
    double forward = best(() -> backend.attend(qkv, HEADS, these, logSums, mix));
    double backward =
        best(() -> backend.attendBackward(dMix, qkv, mix, logSums, HEADS, these, dqkv));
    System.out.printf(
        Locale.ROOT,
        "attention %d x %d, %d heads of %d: forward %.2f ms %.0f GFLOP/s, backward %.2f ms %.0f%n",
        sequences,
        length,
        HEADS,
        HIDDEN / HEADS,
        1e3 * forward,
        flops / forward / 1e9,
        1e3 * backward,
        2.5 * flops / backward / 1e9);
  }

  /** The kernels of one transformer block, forward and backward. */
  private void block() {
    Tensor x = random(ROWS, HIDDEN);
    Tensor z = random(ROWS, HIDDEN);
    Tensor mix = random(ROWS, HIDDEN);
    Tensor branch = random(ROWS, HIDDEN);
    Tensor qkv = random(ROWS, 3 * HIDDEN);
    Tensor dqkv = random(ROWS, 3 * HIDDEN);
    Tensor wide = random(ROWS, 4 * HIDDEN);
    Tensor pre = random(ROWS, 4 * HIDDEN);
    Tensor norm = random(1, HIDDEN);
    Tensor wQkv = random(3 * HIDDEN, HIDDEN);
    Tensor wOut = random(HIDDEN, HIDDEN);
    Tensor wUp = random(4 * HIDDEN, HIDDEN);
    Tensor wDown = random(HIDDEN, 4 * HIDDEN);
    Tensor bUp = random(1, 4 * HIDDEN);
    Tensor bDown = random(1, HIDDEN);
    Tensor modulation = random(SEQUENCES, 6 * HIDDEN);
    Tensor dModulation = random(SEQUENCES, 6 * HIDDEN);
    Tensor statistics = backend.allocate(ROWS, 2);
    Tensor logSums = backend.allocate(ROWS, HEADS);
    Runnable forward =
        () -> {
          backend.normModulate(x, norm, modulation, 0, HIDDEN, layout, statistics, z);
          backend.linear(z, wQkv, null, Activation.NONE, null, qkv);
          backend.rotate(qkv, HEADS, layout);
          backend.attend(qkv, HEADS, layout, logSums, mix);
          backend.linear(mix, wOut, null, Activation.NONE, null, branch);
          backend.addGated(branch, modulation, 0, layout, x);
          backend.normModulate(x, norm, modulation, 0, HIDDEN, layout, statistics, z);
          backend.linear(z, wUp, bUp, Activation.GELU, pre, wide);
          backend.linear(wide, wDown, bDown, Activation.NONE, null, branch);
          backend.addGated(branch, modulation, 0, layout, x);
          backend.fill(x, 0.5f);
        };
    Tensor dx = random(ROWS, HIDDEN);
    Tensor dBranch = random(ROWS, HIDDEN);
    Runnable backward =
        () -> {
          backend.fill(dx, 0.1f);
          backend.addGatedBackward(dx, branch, modulation, 0, layout, dBranch, dModulation);
          backend.linearBackward(dBranch, wide, wDown, Activation.NONE, null, wide, wDown, bDown);
          backend.linearBackward(wide, z, wUp, Activation.GELU, pre, dBranch, wUp, bUp);
          backend.normModulateBackward(
              dBranch, x, norm, modulation, 0, HIDDEN, layout, statistics, dx, norm, dModulation);
          backend.addGatedBackward(dx, branch, modulation, 0, layout, dBranch, dModulation);
          backend.linearBackward(dBranch, mix, wOut, Activation.NONE, null, z, wOut, null);
          backend.attendBackward(z, qkv, mix, logSums, HEADS, layout, dqkv);
          backend.rotateBackward(dqkv, HEADS, layout);
          backend.linearBackward(dqkv, z, wQkv, Activation.NONE, null, dBranch, wQkv, null);
          backend.normModulateBackward(
              dBranch, x, norm, modulation, 0, HIDDEN, layout, statistics, dx, norm, dModulation);
        };
    double f = best(forward);
    double b = best(backward);
    double flops = 2.0 * ROWS * HIDDEN * HIDDEN * 12 + 4.0 * ROWS * LENGTH * HIDDEN;
    System.out.printf(
        Locale.ROOT,
        "block: forward %.2f ms %.0f GFLOP/s, backward %.2f ms %.0f GFLOP/s, %.0f tokens/s both%n",
        1e3 * f,
        flops / f / 1e9,
        1e3 * b,
        2 * flops / b / 1e9,
        ROWS / (f + b));
  }

  private Tensor random(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    Tensor tensor = backend.allocate(rows, columns);
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }

  private static void print(String name, Runnable kernel) {
    System.out.printf(Locale.ROOT, "%-24s %8.3f ms%n", name, 1e3 * best(kernel));
  }

  /**
   * Seconds of the best run after a warm-up, which the compiler needs. They are the calling
   * thread's own, so that other users of a shared machine do not count: what it works and spins,
   * not what it waits.
   */
  private static double best(Runnable kernel) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (long end = System.nanoTime() + 1_000_000_000L; System.nanoTime() < end; ) {
      kernel.run();
    }
    double best = Double.POSITIVE_INFINITY;
    for (long end = System.nanoTime() + 500_000_000L; System.nanoTime() < end; ) {
      long start = threads.getCurrentThreadCpuTime();
      kernel.run();
      best = Math.min(best, 1e-9 * (threads.getCurrentThreadCpuTime() - start));
    }
    return best;
  }
}
