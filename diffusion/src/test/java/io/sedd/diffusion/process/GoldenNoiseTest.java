package io.sedd.diffusion.process;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.diffusion.Closeness;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenNoise;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The schedules against the official implementation in double precision. */
class GoldenNoiseTest {

  private static final double LIMIT = 1e-6;
  private static final String TOTAL = ".total_f64";

  @TestFactory
  Stream<DynamicTest> schedulesAreTheOfficialOnes() {
    return GoldenFiles.eachFile("noise.safetensors", GoldenNoiseTest::check);
  }

  private static void check(Path file) {
    JsonNode meta = GoldenFiles.json(GoldenFiles.root().resolve("meta.json")).required("noise");
    try (Safetensors numbers = GoldenFiles.open(file)) {
      double[] t = numbers.readDoubles("t");
      List<String> names = numbers.names().stream().filter(n -> n.endsWith(TOTAL)).toList();
      assertFalse(names.isEmpty(), file + " holds no schedule");
      for (String total : names) {
        String name = total.substring(0, total.length() - TOTAL.length());
        NoiseSchedule noise = GoldenNoise.of(meta.required(name));
        Closeness.assertRelative(
            total, numbers.readDoubles(total), Arrays.stream(t).map(noise::total).toArray(), LIMIT);
        Closeness.assertRelative(
            name + ".rate_f64",
            numbers.readDoubles(name + ".rate_f64"),
            Arrays.stream(t).map(noise::rate).toArray(),
            LIMIT);
      }
    }
  }
}
