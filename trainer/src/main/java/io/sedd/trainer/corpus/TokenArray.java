package io.sedd.trainer.corpus;

import java.util.Objects;

/** Tokens in memory, 4 bytes each. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenArray(int[] tokens) implements TokenStore {

  @Override
  public long size() {
    return tokens.length;
  }

  @Override
  public void copy(long from, int count, int[] into, int at) {
    Objects.checkFromIndexSize(from, count, tokens.length);
    System.arraycopy(tokens, (int) from, into, at, count);
  }

  @Override
  public String sha256() {
    TokenDigest digest = new TokenDigest();
    digest.update(tokens);
    return digest.hex();
  }

  @Override
  public void close() {}
}
