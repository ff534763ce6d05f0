package io.sedd.protocol.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where configuration comes from; what stands later overrides what stands earlier, key by key. A
 * list is replaced as a whole.
 *
 * @param defaults YAML text of the application's own defaults; a key that is neither here nor
 *     {@link Optional} is required
 * @param file the operator's YAML file
 * @param environment environment variables; those that begin with {@code SEDD_} are read
 * @param settings {@code key=value} pairs of the command line; of two with one key the last counts
 */
public record ConfigurationSources(
    String defaults, Optional<Path> file, Map<String, String> environment, List<String> settings) {

  public ConfigurationSources {
    environment = Map.copyOf(environment);
    settings = List.copyOf(settings);
  }

  /**
   * The text of a resource that lies beside a class, for {@link #defaults}.
   *
   * @throws IllegalArgumentException if there is no such resource
   */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name + " beside " + beside.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }
}
