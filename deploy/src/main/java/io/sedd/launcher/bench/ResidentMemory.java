package io.sedd.launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the operating system counts it. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /**
   * Most bytes ever resident ({@code VmHWM} of Linux).
   *
   * @throws IOException where the system does not tell
   */
  static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IOException(STATUS + " has no VmHWM line");
  }
}
