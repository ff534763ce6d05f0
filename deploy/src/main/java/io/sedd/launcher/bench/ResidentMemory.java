package io.sedd.launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory as Linux counts it; another system does not tell. */
final class ResidentMemory {

  private static final Path PROCESS = Path.of("/proc/self/status");
  private static final Path MACHINE = Path.of("/proc/meminfo");

  private ResidentMemory() {}

  /** Most bytes of this process ever resident ({@code VmHWM}). */
  static OptionalLong peakBytes() throws IOException {
    return kibibytes(PROCESS, "VmHWM:");
  }

  /** Bytes that this process could still take without pushing others out. */
  static OptionalLong availableBytes() throws IOException {
    return kibibytes(MACHINE, "MemAvailable:");
  }

  private static OptionalLong kibibytes(Path file, String key) throws IOException {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst();
  }
}
