package io.sedd.diffusion.backend.nd4j;

import com.sun.management.ThreadMXBean;
import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the Vector API's loops take from the Java heap once they are compiled. A loop that is too
 * large for the compiler, or comes to lie in too large a caller, keeps its vectors in objects: it
 * gives the same numbers at a tenth of the speed, and only the heap shows it.
 */
final class WarmKernels implements AutoCloseable {

  static final String BOXED = "boxed: ";
  static final String DONE = "all kernels called";

  /** Calls within which a kernel must have been compiled. */
  private static final int CALLS = 1_500;

  /**
   * Bytes of one call, its tasks and some objects a row. A row has 32 vectors at least, so one box
   * for each would be 2,000 bytes a row.
   */
  private static final long BOUND = 500 * 1_024;

  private static final int HIDDEN = 256;
  private static final int HEADS = 4;
  private static final int STATES = 2_003;
  private static final RowLayout LAYOUT = RowLayout.ofLengths(301, 199, 524);
  private static final int ROWS = 1_024;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Random random = new Random(3);
  private final Backend backend = open(Precision.FP32);
  private final Backend bf16 = open(Precision.BF16);

  private static Backend open(Precision precision) {
    RowPool pool = new RowPool(1);
    RowKernels rows = RowKernels.vector();
    return new Nd4jBackend(rows, Products.best(precision, rows, pool), pool);
  }

  /** Prints the name of each kernel that keeps its vectors in objects, and how much it takes. */
  public static void main(String[] arguments) {
    try (WarmKernels kernels = new WarmKernels()) {
      kernels
          .calls()
          .forEach(
              (name, call) -> {
                long least = leastOf(call);
                if (least > BOUND) {
                  System.out.println(BOXED + name + " takes " + least + " bytes a call");
                }
              });
    }
    System.out.println(DONE);
  }

  private static long leastOf(Runnable call) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < CALLS && least > BOUND; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      call.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Override
  public void close() {
    bf16.close();
    backend.close();
  }

  private Map<String, Runnable> calls() {
    Tensor x = random(ROWS, HIDDEN);
    Tensor z = random(ROWS, HIDDEN);
    Tensor branch = random(ROWS, HIDDEN);
    Tensor qkv = random(ROWS, 3 * HIDDEN);
    Tensor dQkv = random(ROWS, 3 * HIDDEN);
    Tensor logSums = random(ROWS, HEADS);
    Tensor statistics = random(ROWS, 2);
    Tensor weight = random(1, HIDDEN);
    Tensor square = random(HIDDEN, HIDDEN);
    Tensor dSquare = random(HIDDEN, HIDDEN);
    Tensor bias = random(1, HIDDEN);
    Tensor modulation = random(LAYOUT.sequences(), 6 * HIDDEN);
    Tensor dModulation = random(LAYOUT.sequences(), 6 * HIDDEN);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put(
        "normModulate",
        () -> backend.normModulate(x, weight, modulation, 0, HIDDEN, LAYOUT, statistics, z));
    calls.put(
        "normModulateBackward",
        () ->
            backend.normModulateBackward(
                branch,
                x,
                weight,
                modulation,
                0,
                HIDDEN,
                LAYOUT,
                statistics,
                z,
                bias,
                dModulation));
    calls.put("rotate", () -> backend.rotate(qkv, HEADS, LAYOUT));
    calls.put("attend", () -> backend.attend(qkv, HEADS, LAYOUT, logSums, z));
    calls.put(
        "attendBackward",
        () -> backend.attendBackward(branch, qkv, z, logSums, HEADS, LAYOUT, dQkv));
    calls.put("addGated", () -> backend.addGated(branch, modulation, 0, LAYOUT, z));
    calls.put(
        "addGatedBackward",
        () -> backend.addGatedBackward(x, branch, modulation, 0, LAYOUT, z, dModulation));
    calls.put("add", () -> backend.add(branch, z));
    calls.put("sumOfSquares", () -> backend.sumOfSquares(qkv));
    calls.put(
        "adamW",
        () ->
            backend.adamW(
                new AdamWStep(1, 1e-3, 0.9, 0.999, 1e-8, 0, 1, 0.999),
                x,
                branch,
                z,
                qkvPart(qkv),
                dQkvPart(dQkv)));
    for (Activation activation : Activation.values()) {
      calls.put(
          "linear, " + activation, () -> backend.linear(x, square, bias, activation, branch, z));
      calls.put(
          "linearBackward, " + activation,
          () ->
              backend.linearBackward(
                  z, x, square, activation, branch, dQkvPart(dQkv), dSquare, bias));
    }
    Tensor frozen = bf16.freeze(random(bf16, HIDDEN, HIDDEN));
    Tensor x16 = random(bf16, ROWS, HIDDEN);
    Tensor z16 = random(bf16, ROWS, HIDDEN);
    calls.put(
        "linear, frozen bf16", () -> bf16.linear(x16, frozen, null, Activation.NONE, null, z16));
    Tensor logits = random(ROWS, STATES);
    Tensor gradient = random(ROWS, STATES);
    int[] masked = new int[ROWS];
    Arrays.fill(masked, STATES - 1);
    int[] clean = random.ints(ROWS, 0, STATES - 1).toArray();
    double offset = -Math.log(STATES);
    calls.put("draw", () -> draw(logits, masked, rule(0.05, 0, 1, 1)));
    calls.put("draw, every row", () -> draw(logits, masked, rule(1e6, 0, 1, 1)));
    calls.put("draw, clamped", () -> draw(logits, masked, rule(0.05, -0.02 / STATES, 1, 1)));
    calls.put("draw, temperature", () -> draw(logits, masked, rule(1e6, 0, 0.8, 1)));
    calls.put("draw, top-p", () -> draw(logits, masked, rule(1e6, 0, 0.8, 0.9)));
    for (Graph graph : List.of(new Graph.Absorbing(STATES - 1), new Graph.Uniform(STATES))) {
      calls.put(
          "scoreEntropy, " + graph.getClass().getSimpleName(),
          () ->
              backend.scoreEntropy(
                  graph, logits, LAYOUT, masked, clean, terms(offset), new double[ROWS], gradient));
    }
    return calls;
  }

  private static Tensor qkvPart(Tensor qkv) {
    return qkv.view(0, ROWS, HIDDEN);
  }

  private static Tensor dQkvPart(Tensor dQkv) {
    return dQkv.view(0, ROWS, HIDDEN);
  }

  private static List<EntropyTerm> terms(double offset) {
    EntropyTerm term = new EntropyTerm(1, offset, 1);
    return List.of(term, term, term);
  }

  private void draw(Tensor logits, int[] masked, DrawRule rule) {
    backend.draw(logits, LAYOUT, masked, List.of(rule, rule, rule), new int[ROWS]);
  }

  private static DrawRule rule(double alpha, double beta, double temperature, double topP) {
    return new DrawRule(
        alpha, beta, 1 + alpha, -alpha, -Math.log(STATES), temperature, topP, 7, 0, 0);
  }

  private Tensor random(int rows, int columns) {
    return random(backend, rows, columns);
  }

  private Tensor random(Backend backend, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Tensor tensor = backend.allocate(rows, columns);
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }
}
