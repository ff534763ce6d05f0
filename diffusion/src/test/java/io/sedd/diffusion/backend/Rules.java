package io.sedd.diffusion.backend;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Draw rules of every predictor, from the formulas of the weights (golden README): absorbing rows
 * are at the mask, uniform ones anywhere.
 */
final class Rules {

  private Rules() {}

  /** Analytic step by d at a mask: tokens (e^d - 1) s, the mask e^d + (1 - e^d) Z. */
  static DrawRule absorbingAnalytic(double d) {
    double a = Math.expm1(d);
    return rule(a, 0, 1 + a, -a);
  }

  /** Euler step at a mask: tokens dt g s, the mask 1 - dt g (Z - 1). */
  static DrawRule absorbingEuler(double dtRate) {
    return rule(dtRate, 0, 1 + dtRate, -dtRate);
  }

  /** Final denoiser at a mask: no weight for the mask. */
  static DrawRule absorbingFinal(double sigma) {
    return rule(Math.expm1(sigma), 0, 0, 0);
  }

  /** Analytic step by d, and final denoiser with d = sigma: staggered score times transition. */
  static DrawRule uniformAnalytic(double d, int states) {
    double a = Math.expm1(d) / states;
    double move = -Math.expm1(-d) / states;
    double stay = Math.exp(-d) + move;
    return rule(move * Math.exp(d), -move * a, stay * Math.exp(d), -stay * a);
  }

  /** Euler step: y gets dt g s(y) / V, own 1 - dt g (Z - 1) / V. */
  static DrawRule uniformEuler(double dtRate, int states) {
    double a = dtRate / states;
    return rule(a, 0, 1 + a, -a);
  }

  /** One analytic rule a sequence, of different seeds, samples and steps. */
  static List<DrawRule> absorbing(int sequences) {
    return IntStream.range(0, sequences)
        .mapToObj(s -> keyed(absorbingAnalytic(0.1 + s), 0.25, 1, 1, -17 + s, s, 3 * s))
        .toList();
  }

  /** The same rule with other constants and keys. */
  static DrawRule keyed(
      DrawRule rule,
      double logOffset,
      double temperature,
      double topP,
      long seed,
      int sample,
      int step) {
    return new DrawRule(
        rule.alpha(),
        rule.beta(),
        rule.gamma(),
        rule.delta(),
        logOffset,
        temperature,
        topP,
        seed,
        sample,
        step);
  }

  private static DrawRule rule(double alpha, double beta, double gamma, double delta) {
    return new DrawRule(alpha, beta, gamma, delta, 0, 1, 1, 0x5EDD_0000_1234_5678L, 0, 0);
  }
}
