package io.sedd.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files of the project's tree; a key that stands twice in one is an error. */
final class Shipped {

  static final Path HOME = Path.of(System.getProperty("sedd.home", "..")).toAbsolutePath();
  static final Path DEPLOY = HOME.resolve("deploy");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Shipped() {}

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }

  /** The one document of a YAML file. */
  static JsonNode yaml(Path file) {
    List<JsonNode> all = documents(file);
    if (all.size() != 1) {
      throw new AssertionError(file + " has " + all.size() + " documents");
    }
    return all.getFirst();
  }

  /** All documents of a YAML file. */
  static List<JsonNode> documents(Path file) {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return all.readAll();
    } catch (IOException e) {
      throw new AssertionError(file + " is no YAML: " + e.getMessage(), e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(file + " is no JSON: " + e.getMessage(), e);
    }
  }

  /** Files right below a folder with this ending, in order. */
  static List<Path> files(Path folder, String ending) {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> found =
          new ArrayList<>(all.filter(file -> file.toString().endsWith(ending)).sorted().toList());
      if (found.isEmpty()) {
        throw new AssertionError(folder + " has no " + ending);
      }
      return found;
    } catch (IOException e) {
      throw new AssertionError(folder + " cannot be listed", e);
    }
  }
}
