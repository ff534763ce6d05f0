package io.sedd.launcher;

import java.nio.file.Path;

/** The folder that the {@code sedd} script lies in, and what comes with it. */
public final class SeddHome {

  private SeddHome() {}

  /** Set by the script; the working folder where the program is started without it. */
  public static Path folder() {
    return Path.of(System.getProperty("sedd.home", "."));
  }

  /** The checkpoints that come with the project. */
  public static Path demoCheckpoints() {
    return folder().resolve("deploy/demo/checkpoints");
  }
}
