package io.sedd.diffusion.sampling;

/**
 * The official implementation's draw with its random numbers given: an exponential race in single
 * precision. It follows recorded runs; it is not exact (arXiv 2409.02908) and never used otherwise.
 */
final class OfficialDraw {

  private OfficialDraw() {}

  /**
   * argmax of weight / (1e-10 - ln(u + 1e-10)), the first of equals; weights need not sum to 1, and
   * a negative one never wins against a positive one.
   */
  static int index(double[] weights, double[] uniforms) {
    int best = 0;
    float bestRace = Float.NEGATIVE_INFINITY;
    for (int y = 0; y < weights.length; y++) {
      float exponential = 1e-10f - (float) Math.log((float) uniforms[y] + 1e-10f);
      float race = (float) weights[y] / exponential;
      if (race > bestRace) {
        best = y;
        bestRace = race;
      }
    }
    return best;
  }
}
