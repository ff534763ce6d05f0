package io.sedd.protocol.checkpoint;

import java.util.Comparator;
import java.util.OptionalLong;

/**
 * Names of checkpoints and of the files that they give: no name leads outside the folder that it is
 * read in.
 */
public final class CheckpointNames {

  private static final String STEP = "step-";

  /** From old to new: {@code step-} names by their step, after all others by their name. */
  public static final Comparator<String> BY_AGE =
      Comparator.comparingLong((String name) -> stepOf(name).orElse(-1))
          .thenComparing(Comparator.naturalOrder());

  private CheckpointNames() {}

  /** {@code step-00012000} for step 12,000. */
  public static String ofStep(long step) {
    return STEP + "%08d".formatted(step);
  }

  /** The step in the name of a checkpoint, if it is named by one. */
  public static OptionalLong stepOf(String name) {
    return name.matches(STEP + "\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(name.substring(STEP.length())))
        : OptionalLong.empty();
  }

  /**
   * Whether this is the bare name of a visible file or folder: letters, digits, dot, dash,
   * underscore; no separator, no leading dot; at most 128 characters.
   */
  public static boolean isBare(String name) {
    return name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  }

  /** Whether this is a path below a folder: bare names joined by {@code /}. */
  public static boolean isRelativePath(String path) {
    for (String part : path.split("/", -1)) {
      if (!isBare(part)) {
        return false;
      }
    }
    return true;
  }
}
