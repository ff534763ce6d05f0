package io.sedd.diffusion;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.protocol.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The golden numbers under the system property {@code golden.dir}. What is there is discovered, not
 * listed; a kind of file that the set lacks shows up in the report as an aborted test that names
 * it.
 */
public final class GoldenFiles {

  private GoldenFiles() {}

  /** The root folder of the set. */
  public static Path root() {
    Path root = Path.of(System.getProperty("golden.dir", "src/test/resources/golden"));
    if (!Files.isDirectory(root)) {
      throw new IllegalStateException(
          "golden.dir is " + root.toAbsolutePath() + ", which is no folder");
    }
    return root;
  }

  /** Model folders: those with weights, in the order of their names. */
  public static List<Path> models() {
    return list(p -> Files.exists(p.resolve("model.safetensors")));
  }

  /** Files in the root whose names match a pattern such as {@code graph_*.safetensors}. */
  public static List<Path> files(String glob) {
    var matcher = root().getFileSystem().getPathMatcher("glob:" + glob);
    return list(p -> Files.isRegularFile(p) && matcher.matches(p.getFileName()));
  }

  /**
   * One test for each model that has the file; for the others, one that reports it as absent.
   *
   * @param variant what the test is run on, such as a backend's name; part of its title
   */
  public static Stream<DynamicTest> eachModelWith(
      String file, String variant, Consumer<Path> check) {
    List<Path> models = models();
    if (models.isEmpty()) {
      return Stream.of(absent("a model folder"));
    }
    return models.stream()
        .map(
            model ->
                Files.exists(model.resolve(file))
                    ? dynamicTest(model.getFileName() + ", " + variant, () -> check.accept(model))
                    : absent(model.getFileName() + "/" + file));
  }

  /** One test for each file that matches, or one that reports the kind as absent. */
  public static Stream<DynamicTest> eachFile(String glob, Consumer<Path> check) {
    return eachFile(glob, "", check);
  }

  /**
   * One test for each file that matches, or one that reports the kind as absent.
   *
   * @param variant what the test is run on, such as a backend's name; part of its title
   */
  public static Stream<DynamicTest> eachFile(String glob, String variant, Consumer<Path> check) {
    List<Path> files = files(glob);
    String suffix = variant.isEmpty() ? "" : ", " + variant;
    return files.isEmpty()
        ? Stream.of(absent(glob))
        : files.stream()
            .map(file -> dynamicTest(file.getFileName() + suffix, () -> check.accept(file)));
  }

  /** A test that passes nothing: it says what the set lacks, and is counted as skipped. */
  public static DynamicTest absent(String what) {
    return dynamicTest(
        "absent: " + what,
        () -> Assumptions.abort("absent from " + root() + ": " + what + "; nothing was checked"));
  }

  /** A file of numbers, owned by the caller. */
  public static Safetensors open(Path file) {
    try {
      return Safetensors.open(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of parameters. */
  public static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An integer tensor, as states and positions. */
  public static int[] integers(Safetensors numbers, String tensor) {
    return Arrays.stream(numbers.readLongs(tensor)).mapToInt(Math::toIntExact).toArray();
  }

  private static List<Path> list(java.util.function.Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(root())) {
      return entries.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
