package io.sedd.protocol.checkpoint;

import java.util.List;

/**
 * Inputs and the log scores that the network gave for them when the checkpoint was written: whoever
 * loads it can tell whether his network is the same function.
 *
 * @param tolerance largest absolute difference between an expected log score and the loader's
 * @param rows short sequences; each is one input
 */
public record Canary(double tolerance, List<Row> rows) {

  public Canary {
    rows = List.copyOf(rows);
  }

  /**
   * One sequence.
   *
   * @param tokens its noisy states
   * @param sigma its total noise
   * @param expected log scores at some of its positions
   */
  public record Row(List<Integer> tokens, double sigma, List<LogScore> expected) {
    public Row {
      tokens = List.copyOf(tokens);
      expected = List.copyOf(expected);
    }
  }

  /**
   * A value of the network's output.
   *
   * @param position in the sequence, from 0
   * @param state the column, from 0
   * @param logScore what the network gave
   */
  public record LogScore(int position, int state, double logScore) {}
}
