package io.sedd.protocol.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Size and hash of a file.
 *
 * @param bytes its size
 * @param sha256 lower-case hexadecimal, 64 digits
 */
public record FileDigest(long bytes, String sha256) {

  private static final int BUFFER = 1 << 20;

  /** Reads the whole file. */
  public static FileDigest of(Path file) throws IOException {
    MessageDigest digest = sha256Digest();
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        bytes += count;
      }
    }
    return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * Compares a file with this, the size first: it costs nothing.
   *
   * @throws CheckpointException naming the file and both values if it is missing or differs
   */
  void check(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": is in the manifest but missing; copy or publish the checkpoint again");
    }
    long size = Files.size(file);
    if (size != bytes) {
      throw new CheckpointException(
          "%s: has %,d bytes, the manifest says %,d; copy or publish the checkpoint again"
              .formatted(file, size, bytes));
    }
    String hash = of(file).sha256();
    if (!hash.equals(sha256)) {
      throw new CheckpointException(
          "%s: has sha256 %s, the manifest says %s; copy or publish the checkpoint again"
              .formatted(file, hash, sha256));
    }
  }

  static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
