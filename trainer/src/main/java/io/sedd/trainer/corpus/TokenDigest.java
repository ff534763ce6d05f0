package io.sedd.trainer.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of tokens as little-endian 32-bit numbers, whatever width they are stored in. */
final class TokenDigest {

  private static final int AT_ONCE = 1 << 14;

  private final MessageDigest digest = sha256();
  private final ByteBuffer bytes =
      ByteBuffer.allocate(Integer.BYTES * AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void update(int... tokens) {
    for (int from = 0; from < tokens.length; from += AT_ONCE) {
      int count = Math.min(AT_ONCE, tokens.length - from);
      bytes.clear().asIntBuffer().put(tokens, from, count);
      digest.update(bytes.array(), 0, Integer.BYTES * count);
    }
  }

  /** Lower-case digits; afterwards it begins anew. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
