package io.sedd.protocol.configuration;

import java.util.List;

/**
 * Configuration that cannot be used; the message says what is wrong, where it is several things
 * line by line.
 */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigurationException(List<String> problems) {
    super(
        "the configuration cannot be used:"
            + (problems.size() == 1
                ? " " + problems.getFirst()
                : "\n  " + String.join("\n  ", problems)));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each thing that is wrong: what, where it was given, what would be right. */
  public List<String> problems() {
    return problems;
  }
}
