package io.sedd.worker.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Jazzer calls; see {@code deploy/fuzz.sh}. The property {@code hostile.input} names the kind.
 * Its process has one input, so it is held in statics, as Jazzer wants it.
 */
public final class CoverageGuided {

  private static final HostileInput INPUT = open();
  private static final Watch WATCH = new Watch(INPUT);

  private CoverageGuided() {}

  private static HostileInput open() {
    try {
      return HostileInputs.named(System.getProperty("hostile.input", "jobs")).open();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One input; throws what breaks a limit. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length <= Mutator.MOST_BYTES) {
      var _ = WATCH.read(bytes);
    }
  }

  /** Called at the end. */
  public static void fuzzerTearDown() throws IOException {
    System.out.println(WATCH.summary());
    INPUT.close();
  }

  /** Writes the good inputs of a kind as a corpus to begin with: {@code KIND FOLDER}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    try (HostileInput input = HostileInputs.named(arguments[0]).open()) {
      for (byte[] seed : input.seeds()) {
        Files.write(folder.resolve("seed-" + java.util.Arrays.hashCode(seed)), seed);
      }
    }
  }
}
