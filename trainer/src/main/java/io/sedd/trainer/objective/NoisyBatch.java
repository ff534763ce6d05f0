package io.sedd.trainer.objective;

import io.sedd.diffusion.network.NetworkInput;

/**
 * Clean sequences and what noise made of them.
 *
 * @param input noisy sequences, with the rows that can have a loss as the wanted ones
 * @param clean x0 of every row
 * @param rate g(t) of each sequence
 */
public record NoisyBatch(NetworkInput input, int[] clean, double[] rate) {

  /** Whether no row can have a loss: no position of an absorbing batch was masked. */
  public boolean nothingWanted() {
    return input.wanted().length == 0;
  }

  /** Number of sequences. */
  public int sequences() {
    return rate.length;
  }

  /** Noisy state of every wanted row. */
  int[] wantedNoisy() {
    return select(input.tokens());
  }

  /** x0 of every wanted row. */
  int[] wantedClean() {
    return select(clean);
  }

  private int[] select(int[] ofRows) {
    int[] selected = new int[input.wanted().length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = ofRows[input.wanted()[i]];
    }
    return selected;
  }
}
