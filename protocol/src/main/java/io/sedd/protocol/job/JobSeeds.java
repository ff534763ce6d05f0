package io.sedd.protocol.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds for jobs that bring none: a redelivered job must give the same text again. */
public final class JobSeeds {

  private JobSeeds() {}

  /** The first 8 bytes, big-endian, of the SHA-256 of the id in UTF-8. */
  public static long ofId(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
