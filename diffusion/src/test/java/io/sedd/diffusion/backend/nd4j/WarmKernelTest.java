package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * In a process of its own, as a worker's or a trainer's is: what other tests have called in this
 * one, with other row kernels, stays in the compiler's profiles.
 */
class WarmKernelTest {

  @Test
  void compiledKernelsKeepTheirVectorsInRegisters() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                WarmKernels.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    List<String> lines =
        output
            .lines()
            .filter(line -> line.startsWith(WarmKernels.BOXED) || line.equals(WarmKernels.DONE))
            .toList();
    assertEquals(List.of(WarmKernels.DONE), lines);
  }
}
