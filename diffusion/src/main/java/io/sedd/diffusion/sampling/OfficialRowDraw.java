package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.Philox;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws as the official sampler does, on the host: for each state of each row one fp32 uniform
 * number, a multiple of 2^-24, in the race of {@link OfficialDraw}. It cuts the tail of the Gumbel
 * distribution near 16.6 and so lowers the temperature (arXiv 2409.02908): for comparisons only.
 *
 * @param backend that the logits live on
 */
record OfficialRowDraw(Backend backend) implements RowDraw {

  /** Streams of the other draws are 0 and above. */
  private static final int STREAM = -1;

  @Override
  public PendingDraw begin(
      Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    int states = logits.columns();
    float[] values = backend.read(logits);
    IntStream.range(0, own.length)
        .parallel()
        .forEach(
            r -> {
              DrawRule rule = rules.get(layout.sequenceOf(r));
              if (rule.temperature() != 1 || rule.topP() != 1) {
                throw new IllegalArgumentException(
                    "the official draw has neither temperature nor top-p; leave them at 1");
              }
              double[] weights = weights(values, r * states, states, own[r], rule);
              drawn[r] = OfficialDraw.index(weights, uniforms(rule, layout.positionOf(r), states));
            });
    return PendingDraw.DONE;
  }

  private static double[] weights(float[] logits, int at, int states, int own, DrawRule rule) {
    double[] weights = new double[states];
    double sum = 0;
    for (int y = 0; y < states; y++) {
      weights[y] = y == own ? 1 : Math.exp(logits[at + y] + rule.logOffset());
      sum += weights[y];
    }
    if (!Double.isFinite(sum)) {
      throw new ArithmeticException("draw: the scores of a row sum to " + sum);
    }
    for (int y = 0; y < states; y++) {
      weights[y] =
          y == own
              ? rule.gamma() + rule.delta() * sum
              : rule.alpha() * weights[y] + rule.beta() * sum;
    }
    return weights;
  }

  private static double[] uniforms(DrawRule rule, int position, int count) {
    int[] key = Philox.words(rule.seed(), position, rule.step(), rule.sample(), STREAM);
    SplittableRandom random =
        new SplittableRandom(((long) key[0] << 32) | Integer.toUnsignedLong(key[1]));
    double[] uniforms = new double[count];
    for (int y = 0; y < count; y++) {
      uniforms[y] = (random.nextInt() >>> 8) * 0x1p-24;
    }
    return uniforms;
  }
}
