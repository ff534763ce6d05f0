package io.sedd.diffusion.process;

/**
 * The noising process of one position: a continuous-time Markov chain on V states (arXiv
 * 2310.16834, section 3).
 */
public sealed interface Graph {

  /** Number of real tokens. */
  int tokens();

  /** Number of states V: the tokens, plus the mask where there is one. */
  int states();

  /** Every token turns, at rate 1, into one mask state, which is state V - 1 and stays. */
  record Absorbing(int tokens) implements Graph {
    @Override
    public int states() {
      return tokens + 1;
    }

    /** The mask state. */
    public int mask() {
      return tokens;
    }
  }

  /** Every token turns into any other at rate 1/V. */
  record Uniform(int tokens) implements Graph {
    @Override
    public int states() {
      return tokens;
    }
  }
}
