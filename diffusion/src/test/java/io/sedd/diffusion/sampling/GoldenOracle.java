package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.GoldenFiles;
import io.sedd.diffusion.GoldenNoise;
import io.sedd.diffusion.process.Graph;
import io.sedd.protocol.checkpoint.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What {@code oracle.safetensors} holds, discovered from the names of its tensors. */
final class GoldenOracle {

  private static final Pattern RUN =
      Pattern.compile("(absorb|uniform)\\.(.+)\\.(euler|analytic)(\\d+)\\.final");
  private static final Pattern PROCESS = Pattern.compile("(absorb|uniform)\\.(.+)\\.integrand");

  private GoldenOracle() {}

  /**
   * A graph with a noise.
   *
   * @param name prefix of its tensors
   */
  record Noising(String name, DiffusionProcess process, Oracle oracle) {}

  /**
   * A sampler's run over it.
   *
   * @param name prefix of its tensors
   */
  record Run(String name, Noising of, Predictor predictor, Trajectory trajectory) {}

  /** One test for every run in the file, or one that reports it as absent. */
  static Stream<DynamicTest> eachRun(Consumer<Run> check) {
    return each(
        RUN,
        match -> {
          Noising process = process(match);
          Predictor predictor = Predictor.valueOf(match.group(3).toUpperCase(Locale.ROOT));
          Trajectory trajectory =
              new Trajectory(process.process().noise(), Integer.parseInt(match.group(4)));
          check.accept(
              new Run(match.group().replace(".final", ""), process, predictor, trajectory));
        });
  }

  /** One test for every graph with a noise, or one that reports the file as absent. */
  static Stream<DynamicTest> eachNoising(Consumer<Noising> check) {
    return each(PROCESS, match -> check.accept(process(match)));
  }

  /** The file, owned by the caller. */
  static Safetensors open() {
    return GoldenFiles.open(file());
  }

  private static Path file() {
    return GoldenFiles.root().resolve("oracle.safetensors");
  }

  private static Stream<DynamicTest> each(Pattern pattern, Consumer<Matcher> check) {
    if (!Files.exists(file())) {
      return Stream.of(GoldenFiles.absent("oracle.safetensors"));
    }
    try (Safetensors numbers = open()) {
      List<Matcher> matches =
          numbers.names().stream().map(pattern::matcher).filter(Matcher::matches).toList();
      return matches.isEmpty()
          ? Stream.of(GoldenFiles.absent("oracle.safetensors: " + pattern))
          : matches.stream().map(m -> dynamicTest(m.group(), () -> check.accept(m)));
    }
  }

  private static Noising process(Matcher match) {
    DiffusionProcess process =
        new DiffusionProcess(oracle(match.group(1)).graph(), GoldenNoise.named(match.group(2)));
    return new Noising(match.group(1) + "." + match.group(2), process, oracle(match.group(1)));
  }

  /** The oracle of {@code absorb} or {@code uniform}. */
  static Oracle oracle(String graph) {
    try (Safetensors numbers = open()) {
      int tokens = (int) numbers.entry("p0").shape()[0];
      return new Oracle(
          graph.equals("absorb") ? new Graph.Absorbing(tokens) : new Graph.Uniform(tokens),
          numbers.readDoubles("p0"));
    }
  }
}
