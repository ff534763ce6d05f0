package io.sedd.protocol.configuration;

import java.util.List;

/** Configuration that cannot be used; the message lists everything that is wrong, line by line. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigurationException(List<String> problems) {
    super("the configuration cannot be used:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence for each thing that is wrong: what, where it was given, what would be right. */
  public List<String> problems() {
    return problems;
  }
}
