package io.sedd.diffusion.process;

/**
 * The noising process of one position: a continuous-time Markov chain on V states (arXiv
 * 2310.16834, section 3). Total noise sigma is the chain's own time: the schedule says how fast it
 * runs.
 *
 * <p>These are the formulas as the paper has them, in double and one position at a time, to be read
 * and to be tested against; the kernels of a backend compute the same over many rows. States are 0
 * to V - 1. A score s is an array over the V states, s(y) = p(x with y here) / p(x), and is 1 at
 * the present state x.
 */
public sealed interface Graph {

  /** Number of real tokens. */
  int tokens();

  /** Number of states V: the tokens, plus the mask where there is one. */
  int states();

  /**
   * The generator Q: rate at which {@code from} turns into {@code to}; at {@code from} itself minus
   * the rate of leaving.
   */
  double rate(int from, int to);

  /** Probability that {@code from} has become {@code to} when the total noise is {@code sigma}. */
  double transition(int from, int to, double sigma);

  /**
   * Probability of {@code state} when the noise has no end: the prior that sampling starts from.
   */
  double limit(int state);

  /**
   * e^(-d Q) s: the score of the process as it stood {@code d} of total noise earlier (the discrete
   * Tweedie theorem, section 4), up to one factor for all states.
   *
   * @param score s(y) of every state, 1 at the present one
   */
  double[] staggeredScore(double[] score, double d);

  /**
   * Score entropy of one position, denoising form (section 3), with the weights Q and the constant,
   * so that it is never negative and 0 for the true conditional ratios. Stable form: r = E/(E+V), E
   * = expm1(sigma).
   *
   * @param x noisy state
   * @param x0 clean token
   * @param logScore ln s(y) of every state; the entry at x is not read
   */
  double scoreEntropy(int x, int x0, double[] logScore, double sigma);

  /**
   * The state after noising {@code x0}, with the random numbers given.
   *
   * @param uniform in [0, 1): the token moves if it lies below {@link #moveChance}
   * @param token where it moves to in the uniform graph, itself uniform over the tokens
   */
  int perturb(int x0, double sigma, double uniform, int token);

  /** Rate at which {@code from} turns into {@code to}, read the other way: Q transposed. */
  default double transposedRate(int to, int from) {
    return rate(from, to);
  }

  /** Probability that {@code to} came from {@code from}, as {@link #transition} read backwards. */
  default double transposedTransition(int to, int from, double sigma) {
    return transition(from, to, sigma);
  }

  /**
   * The reverse process out of {@code x} (equation 3): every state's transposed rate times its
   * score, and at x minus the sum of the others.
   */
  default double[] reverseRate(int x, double[] score) {
    double[] rates = new double[states()];
    double leaving = 0;
    for (int y = 0; y < rates.length; y++) {
      if (y != x) {
        rates[y] = transposedRate(x, y) * score[y];
        leaving += rates[y];
      }
    }
    rates[x] = -leaving;
    return rates;
  }

  /** 1 - e^-sigma: chance that a token has been hit by the noise at least once. */
  static double moveChance(double sigma) {
    return -Math.expm1(-sigma);
  }

  /** Every token turns, at rate 1, into one mask state, which is state V - 1 and stays. */
  record Absorbing(int tokens) implements Graph {

    public Absorbing {
      requireTokens(tokens);
    }

    @Override
    public int states() {
      return tokens + 1;
    }

    /** The mask state. */
    public int mask() {
      return tokens;
    }

    @Override
    public double rate(int from, int to) {
      if (from == mask()) {
        return 0;
      }
      return to == from ? -1 : to == mask() ? 1 : 0;
    }

    @Override
    public double transition(int from, int to, double sigma) {
      if (from == mask()) {
        return to == mask() ? 1 : 0;
      }
      return to == from ? Math.exp(-sigma) : to == mask() ? moveChance(sigma) : 0;
    }

    @Override
    public double limit(int state) {
      return state == mask() ? 1 : 0;
    }

    @Override
    public double[] staggeredScore(double[] score, double d) {
      double[] staggered = new double[states()];
      double sum = 0;
      for (int y = 0; y < staggered.length; y++) {
        staggered[y] = Math.exp(d) * score[y];
        sum += score[y];
      }
      staggered[mask()] -= Math.expm1(d) * sum;
      return staggered;
    }

    @Override
    public double scoreEntropy(int x, int x0, double[] logScore, double sigma) {
      if (x != mask()) {
        return 0;
      }
      double ratio = 1 / Math.expm1(sigma);
      double sum = 0;
      for (int y = 0; y < tokens; y++) {
        sum += Math.exp(logScore[y]);
      }
      return sum - ratio * logScore[x0] + ratio * (Math.log(ratio) - 1);
    }

    @Override
    public int perturb(int x0, double sigma, double uniform, int token) {
      return uniform < moveChance(sigma) ? mask() : x0;
    }
  }

  /** Every token turns into any other at rate 1/V. */
  record Uniform(int tokens) implements Graph {

    public Uniform {
      requireTokens(tokens);
    }

    @Override
    public int states() {
      return tokens;
    }

    @Override
    public double rate(int from, int to) {
      return to == from ? -(states() - 1.0) / states() : 1.0 / states();
    }

    @Override
    public double transition(int from, int to, double sigma) {
      return (to == from ? Math.exp(-sigma) : 0) + moveChance(sigma) / states();
    }

    @Override
    public double limit(int state) {
      return 1.0 / states();
    }

    @Override
    public double[] staggeredScore(double[] score, double d) {
      double[] staggered = new double[states()];
      double sum = 0;
      for (double s : score) {
        sum += s;
      }
      for (int y = 0; y < staggered.length; y++) {
        staggered[y] = Math.exp(d) * score[y] - Math.expm1(d) / states() * sum;
      }
      return staggered;
    }

    @Override
    public double scoreEntropy(int x, int x0, double[] logScore, double sigma) {
      double v = states();
      double e = Math.expm1(sigma);
      double r = e / (e + v);
      double sum = 0;
      double logSum = 0;
      for (int y = 0; y < states(); y++) {
        if (y != x) {
          sum += Math.exp(logScore[y]);
          logSum += logScore[y];
        }
      }
      if (x == x0) {
        return (sum - r * logSum + (v - 1) * r * (Math.log(r) - 1)) / v;
      }
      // the true ratio is 1/r at x0, 1 at the V - 2 other states
      double constant = (-Math.log(r) - 1) / r - (v - 2);
      return (sum - logSum + constant) / v - logScore[x0] / e;
    }

    @Override
    public int perturb(int x0, double sigma, double uniform, int token) {
      return uniform < moveChance(sigma) ? token : x0;
    }
  }

  private static void requireTokens(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a graph has at least 1 token, not " + tokens);
    }
  }
}
