package io.sedd.protocol.checkpoint;

/**
 * Names that files of a checkpoint may give for other files: a checkpoint must not reach outside
 * its folder.
 */
final class CheckpointNames {

  private CheckpointNames() {}

  /**
   * Whether this is the bare name of a visible file or folder: letters, digits, dot, dash,
   * underscore; no separator, no leading dot; at most 128 characters.
   */
  static boolean isBare(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  }

  /** Whether this is a path below a folder: bare names joined by {@code /}. */
  static boolean isRelativePath(String path) {
    for (String part : path.split("/", -1)) {
      if (!isBare(part)) {
        return false;
      }
    }
    return true;
  }
}
