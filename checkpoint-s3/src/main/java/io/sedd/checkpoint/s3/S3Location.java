package io.sedd.checkpoint.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in S3 the checkpoints are.
 *
 * @param bucket its name
 * @param prefix of all keys, without a slash at its ends; may be empty
 */
public record S3Location(String bucket, String prefix) {

  private static final Pattern FORM =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*?))?/?");

  /**
   * Reads {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static S3Location parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no place in S3; it must look like s3://bucket/prefix");
    }
    return new S3Location(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
  }

  /** The key of what has this path below the prefix. */
  String key(String path) {
    return prefix.isEmpty() ? path : prefix + "/" + path;
  }

  /** The path below the prefix of what has this key. */
  String path(String key) {
    return prefix.isEmpty() ? key : key.substring(prefix.length() + 1);
  }

  /** How a person would call what has this path. */
  String url(String path) {
    return "s3://" + bucket + "/" + key(path);
  }

  @Override
  public String toString() {
    return url("");
  }
}
