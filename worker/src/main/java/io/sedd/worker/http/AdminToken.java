package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The one secret that lets a client give commands. Kept and compared as its SHA-256, in constant
 * time: neither the time nor the length of a wrong guess tells anything about the right one.
 */
public final class AdminToken {

  /** Shorter ones can be guessed over the network. */
  private static final int FEWEST_CHARACTERS = 16;

  private static final String SCHEME = "Bearer ";

  private final byte[] digest;

  private AdminToken(byte[] digest) {
    this.digest = digest;
  }

  /**
   * A token as it was configured.
   *
   * @param origin where it comes from, for the message
   * @throws IllegalArgumentException if it is too short or cannot be sent in a header
   */
  public static AdminToken of(String token, String origin) {
    if (token.length() < FEWEST_CHARACTERS || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          origin
              + ": an admin token has at least "
              + FEWEST_CHARACTERS
              + " visible ASCII characters and no spaces; 'openssl rand -hex 32' makes one");
    }
    return new AdminToken(sha256(token));
  }

  /**
   * The token in a file, such as a mounted secret; white space around it does not count.
   *
   * @throws IllegalArgumentException if the file cannot be read or holds no token
   */
  public static AdminToken in(Path file) {
    try {
      return of(Files.readString(file).strip(), "admin.tokenFile " + file);
    } catch (IOException e) {
      throw new IllegalArgumentException("admin.tokenFile " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * Whether a request may pass.
   *
   * @param authorization value of its header {@code Authorization}, or null
   */
  boolean admits(String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(digest, sha256(authorization.substring(SCHEME.length()).strip()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
