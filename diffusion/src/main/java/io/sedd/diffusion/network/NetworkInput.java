package io.sedd.diffusion.network;

import io.sedd.diffusion.backend.RowLayout;
import java.util.Arrays;

/**
 * Noisy sequences for the network.
 *
 * @param layout of all rows
 * @param tokens present state of every row
 * @param sigma total noise of each sequence
 * @param wanted rows whose scores are wanted, strictly ascending
 * @param wantedLayout layout of those rows
 */
// never compared; copies would cost every step
@SuppressWarnings("ArrayRecordComponent")
public record NetworkInput(
    RowLayout layout, int[] tokens, double[] sigma, int[] wanted, RowLayout wantedLayout) {

  /** Scores wanted on the given rows. */
  public static NetworkInput ofRows(RowLayout layout, int[] tokens, double[] sigma, int[] wanted) {
    return new NetworkInput(layout, tokens, sigma, wanted, layout.select(wanted));
  }

  /** Scores wanted everywhere. */
  public static NetworkInput ofAll(RowLayout layout, int[] tokens, double[] sigma) {
    int[] all = java.util.stream.IntStream.range(0, layout.rows()).toArray();
    return new NetworkInput(layout, tokens, sigma, all, layout);
  }

  public NetworkInput {
    if (tokens.length != layout.rows()
        || sigma.length != layout.sequences()
        || wanted.length != wantedLayout.rows()) {
      throw new IllegalArgumentException(
          tokens.length
              + " tokens, "
              + sigma.length
              + " sigmas, "
              + wanted.length
              + " wanted for "
              + layout);
    }
  }

  /** Present state of every wanted row. */
  public int[] wantedTokens() {
    return Arrays.stream(wanted).map(r -> tokens[r]).toArray();
  }

  /** Whether every row is wanted. */
  public boolean wantsAll() {
    return wanted.length == layout.rows();
  }
}
