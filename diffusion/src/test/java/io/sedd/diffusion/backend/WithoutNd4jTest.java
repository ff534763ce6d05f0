package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An image carries only the backend that it uses: the rest must do without ND4J's jars. */
class WithoutNd4jTest {

  @Test
  void theReferenceBackendRunsAndTheNd4jOneSaysWhatIsMissing() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                classPathWithoutNd4j(),
                WithoutNd4jTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    assertTrue(output.contains("reference runs"), output);
    assertTrue(output.contains("nd4j refused: "), output);
  }

  private static String classPathWithoutNd4j() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("nd4j") && !entry.contains("bytedeco"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The other process. */
  public static void main(String[] arguments) {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      System.out.println(backend.name() + " runs");
    }
    try (Backend backend = Backends.open(Optional.of("nd4j"), BackendOptions.defaults())) {
      System.out.println(backend.name() + " runs as well, on a class path without it");
    } catch (BackendUnavailableException e) {
      System.out.println("nd4j refused: " + e.getMessage());
    }
  }
}
