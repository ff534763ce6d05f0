package io.sedd.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of the Debian package {@code prometheus}; a test that lacks them is aborted. */
final class PrometheusTool {

  private PrometheusTool() {}

  /** Where a program is; without it the test ends as aborted, which the report shows. */
  static Path find(String program) {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(
        found.isPresent(),
        program + " is not on the PATH: install it, with .ci/tools or the package prometheus");
    return found.orElseThrow();
  }

  /** Runs promtool. */
  static Outcome promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(find("promtool").toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(Shipped.DEPLOY.resolve("prometheus").toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), printed);
  }

  /** What it said. */
  record Outcome(int exitCode, String printed) {}
}
