package io.sedd.trainer.corpus;

/**
 * One long run of tokens that can be read anywhere. Reading does not change it, so several threads
 * may.
 */
public sealed interface TokenStore extends AutoCloseable permits TokenArray, TokenShards {

  /** Number of tokens. */
  long size();

  /**
   * Copies {@code count} tokens from a place on.
   *
   * @throws IndexOutOfBoundsException if the run does not reach so far
   */
  void copy(long from, int count, int[] into, int at);

  /** SHA-256 of all tokens as little-endian 32-bit numbers, in lower-case hexadecimal digits. */
  String sha256();

  @Override
  void close();
}
