package io.sedd.protocol.configuration;

import java.util.Set;

/**
 * Environment variables of the {@code sedd} script and the root command. They begin like
 * configuration and are none, so every reader of a configuration leaves them alone.
 */
public final class LauncherVariables {

  /** All of them. */
  public static final Set<String> NAMES =
      Set.of(
          "SEDD_JDK", "SEDD_JAVA_OPTIONS", "SEDD_NO_BUILD", "SEDD_LOG_LEVEL", "SEDD_STACK_TRACES");

  private LauncherVariables() {}
}
