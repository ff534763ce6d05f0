package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AttentionMask;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a workspace keeps in bf16 holds what fp32 would hold, rounded once; and products of it are
 * those of the fp32 tensor, whose factors are rounded the same way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FactorTest {

  /**
   * Half of the distance of two bf16 numbers, relative, and what fp32 sums in another order add.
   */
  private static final double ROUNDED = 0x1p-8 + 1e-5;

  private static final RowLayout LAYOUT = RowLayout.ofLengths(5, 70, 1);
  private static final int ROWS = LAYOUT.rows();

  private final Random random = new Random(3);
  private Backend backend;
  private Workspace workspace;

  @BeforeAll
  void open() {
    backend = TestedBackend.open();
    workspace = backend.workspace();
  }

  @AfterAll
  void close() {
    workspace.close();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 64, 767, 1025})
  void aNormedRowIsRounded(int columns) {
    Tensor x = numbers(ROWS, columns);
    Tensor weight = numbers(1, columns);
    Tensor modulation = numbers(LAYOUT.sequences(), 2 * columns);
    Tensor whole = workspace.take(ROWS, columns);
    Tensor factor = workspace.takeFactor(ROWS, columns);
    for (Tensor z : new Tensor[] {whole, factor}) {
      backend.normModulate(x, weight, modulation, 0, columns, LAYOUT, null, z);
    }
    assertRounded(whole, factor);
  }

  @ParameterizedTest
  @CsvSource({"NONE, false", "GELU, false", "GELU, true", "SILU, false", "SILU, true"})
  void aLinearLayerReadsAndWritesFactors(Activation activation, boolean keep) {
    Tensor x = numbers(ROWS, 40);
    Tensor rounded = workspace.takeFactor(ROWS, 40);
    identity(x, rounded);
    Tensor weight = numbers(24, 40);
    Tensor bias = rounded(numbers(1, 24));
    Tensor kept = keep ? workspace.take(ROWS, 24) : null;
    Tensor whole = workspace.take(ROWS, 24);
    Tensor factor = workspace.takeFactor(ROWS, 24);
    backend.linear(x, weight, bias, activation, null, whole);
    backend.linear(rounded, weight, bias, activation, kept, factor);
    assertRounded(whole, factor);
  }

  @ParameterizedTest
  @CsvSource({"2, 16", "1, 64", "3, 6"})
  void attentionReadsAndWritesFactors(int heads, int headSize) {
    int h = heads * headSize;
    Tensor qkv = rounded(numbers(ROWS, 3 * h));
    Tensor factors = workspace.takeFactor(ROWS, 3 * h);
    identity(qkv, factors);
    Tensor dMix = numbers(ROWS, h);
    float[][] gradients = new float[2][];
    Tensor[] mixes = {workspace.take(ROWS, h), workspace.takeFactor(ROWS, h)};
    for (int i = 0; i < 2; i++) {
      Tensor source = i == 0 ? qkv : factors;
      Tensor logSums = workspace.take(ROWS, heads);
      Tensor dqkv = workspace.take(ROWS, 3 * h);
      backend.attend(source, heads, LAYOUT, AttentionMask.NONE, logSums, mixes[i]);
      backend.attendBackward(
          dMix, source, mixes[i], logSums, heads, LAYOUT, AttentionMask.NONE, dqkv);
      gradients[i] = backend.read(dqkv);
    }
    assertRounded(mixes[0], mixes[1]);
    // D is a sum of products with the rounded mix
    assertClose(gradients[0], gradients[1], 2e-2);
  }

  /**
   * Where q, k, v and dMix are bf16 numbers already, only the weights of the softmax (2^-9 of each)
   * and the gradients of the logits are rounded.
   */
  @ParameterizedTest
  @CsvSource({"2, 64, NONE", "1, 64, CAUSAL", "1, 96, NONE", "2, 16, CAUSAL", "1, 7, NONE"})
  void attentionOfBf16NumbersIsThatOfTheReference(int heads, int headSize, AttentionMask mask) {
    int h = heads * headSize;
    RowLayout layout = RowLayout.ofLengths(3, 129, 64);
    float[] qkv = backend.read(rounded(numbers(layout.rows(), 3 * h)));
    float[] dMix = backend.read(rounded(numbers(layout.rows(), h)));
    float[][] mixes = new float[2][];
    float[][] gradients = new float[2][];
    try (Backend reference = new ReferenceBackend(Precision.BF16)) {
      for (int i = 0; i < 2; i++) {
        Backend on = i == 0 ? reference : backend;
        try (Workspace own = on.workspace()) {
          Tensor source = own.take(layout.rows(), 3 * h);
          Tensor gradient = own.take(layout.rows(), h);
          on.write(MemorySegment.ofArray(qkv), source);
          on.write(MemorySegment.ofArray(dMix), gradient);
          Tensor logSums = own.take(layout.rows(), heads);
          Tensor mix = own.take(layout.rows(), h);
          Tensor dqkv = own.take(layout.rows(), 3 * h);
          on.attend(source, heads, layout, mask, logSums, mix);
          on.attendBackward(gradient, source, mix, logSums, heads, layout, mask, dqkv);
          mixes[i] = on.read(mix);
          gradients[i] = on.read(dqkv);
        }
      }
    }
    assertClose(mixes[0], mixes[1], 2e-3);
    assertClose(gradients[0], gradients[1], 4e-3);
  }

  @ParameterizedTest
  @CsvSource({"2, 12", "12, 64", "36, 64"})
  void rotationRoundsOnceMore(int heads, int headSize) {
    RowLayout layout = RowLayout.ofLengths(3, 1);
    int width = 3 * heads * headSize;
    Tensor qkv = rounded(numbers(layout.rows(), width));
    Tensor factors = workspace.takeFactor(layout.rows(), width);
    copied(qkv, factors);
    backend.rotate(qkv, heads, layout);
    backend.rotate(factors, heads, layout);
    assertRounded(qkv, factors);
  }

  /** Of every remainder by what a block takes at once, and with nothing written behind it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 200, 256, 300, 600, 900, 1024, 1025})
  void aFrozenWeightIsRounded(int size) {
    Tensor weight = numbers(1, size);
    try (Tensor frozen = backend.freeze(weight)) {
      assertRounded(weight, frozen);
    }
  }

  @Test
  void otherKernelsRefuseFactors() {
    Tensor factor = workspace.takeFactor(2, 4);
    Tensor whole = workspace.take(2, 4);
    assertThrows(IllegalArgumentException.class, () -> backend.add(factor, whole));
    assertThrows(IllegalArgumentException.class, () -> backend.fill(factor, 1));
    assertThrows(IllegalArgumentException.class, () -> backend.copy(whole, factor));
  }

  private Tensor numbers(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Tensor tensor = workspace.take(rows, columns);
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }

  /** The same numbers in bf16, as fp32. */
  private Tensor rounded(Tensor tensor) {
    float[] values = backend.read(tensor);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
    }
    backend.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }

  /** Writes a factor, by the only kernel that does so from any numbers: a product with one. */
  private void identity(Tensor x, Tensor factor) {
    int n = x.columns();
    float[] one = new float[n * n];
    for (int i = 0; i < n; i++) {
      one[i * n + i] = 1;
    }
    Tensor weight = workspace.take(n, n);
    backend.write(MemorySegment.ofArray(one), weight);
    backend.linear(x, weight, null, Activation.NONE, null, factor);
  }

  /** The same by narrow pieces of the rows, for rows that are wide. */
  private void copied(Tensor x, Tensor factor) {
    int piece = 36;
    identity(
        x.view(0, x.rows() * x.columns() / piece, piece),
        factor.view(0, x.rows() * x.columns() / piece, piece));
  }

  private void assertRounded(Tensor whole, Tensor factor) {
    float[] expected = backend.read(whole);
    float[] actual = backend.read(factor);
    for (int i = 0; i < expected.length; i++) {
      double limit = ROUNDED * Math.max(1e-3, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], limit, "at " + i);
    }
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance) {
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * scale, "at " + i);
    }
  }
}
