package io.sedd.protocol.configuration;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Builds one tree of records from the sources of configuration.
 *
 * <p><b>Types</b> of record components: {@code String}, {@code int}, {@code long}, {@code double},
 * {@code boolean}, {@code Path} (relative to the working directory), {@code Duration} ({@code
 * 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d} or ISO-8601 such as {@code PT1M30S}),
 * enums (lower case, dashes for underscores), records, and {@code Optional}, {@code List}, {@code
 * Map<String, String>} of these. A scalar is read by the type of its key, so that an unquoted
 * {@code on} or {@code 1.10} keeps its text where text is wanted. A map's keys are free and may
 * contain dots.
 *
 * <p><b>Keys</b> are component names joined by dots: {@code worker.maxTokens}; that is also their
 * form in {@code --set worker.maxTokens=4096}.
 *
 * <p><b>Environment variables</b> are matched by {@code SEDD_} and the key without its dots, upper
 * and lower case and underscores being the same: {@code SEDD_WORKER_MAXTOKENS} and {@code
 * SEDD_WORKER_MAX_TOKENS} are both {@code worker.maxTokens}. For an entry of a map the rest of the
 * name becomes the entry's key in lower case, with one underscore for a dot, two for a dash and
 * three for an underscore: {@code SEDD_KAFKA_BOOTSTRAP_SERVERS} is entry {@code bootstrap.servers}
 * of {@code kafka}. A list is given on one line as {@code a, b} or {@code [a, b]}; an empty text
 * leaves an {@code Optional} empty.
 *
 * <p>A rule that a type cannot express belongs into the record's constructor as an {@link
 * IllegalArgumentException}; it is reported like any other problem.
 *
 * @param <C> the root record
 */
public final class ConfigurationReader<C extends Record> {

  private final Class<C> type;
  private final Shape.Section shape;
  private final KeyCatalogue keys;
  private final Set<String> reserved;

  /**
   * @param reserved names of {@code SEDD_} variables that are no configuration, such as those of a
   *     launcher
   * @throws IllegalArgumentException if the records have a type that cannot be configured, or two
   *     keys that one environment variable would mean
   */
  public ConfigurationReader(Class<C> type, Set<String> reserved) {
    this.type = type;
    this.shape = Shapes.section(type);
    this.keys = new KeyCatalogue(shape);
    this.reserved = Set.copyOf(reserved);
  }

  /**
   * Reads the sources.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public C read(ConfigurationSources sources) {
    List<String> problems = new ArrayList<>();
    Overrides overrides = new Overrides(keys, shape, problems);
    Given.Entries given = YamlText.entries(sources.defaults(), "built-in defaults");
    if (sources.file().isPresent()) {
      given = given.overlaidBy(read(sources.file().get()));
    }
    given = given.overlaidBy(overrides.ofEnvironment(sources.environment(), reserved));
    given = given.overlaidBy(overrides.ofSettings(sources.settings()));
    Object root = new Binder(keys, problems).root(shape, given);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return type.cast(root);
  }

  private static Given.Entries read(Path file) {
    try {
      return YamlText.entries(Files.readString(file), file.toString());
    } catch (NoSuchFileException _) {
      throw unusable("the configuration file " + file + " does not exist");
    } catch (CharacterCodingException _) {
      throw unusable("the configuration file " + file + " is not UTF-8 text");
    } catch (IOException e) {
      throw unusable("the configuration file " + file + " cannot be read: " + e.getMessage());
    }
  }

  private static ConfigurationException unusable(String problem) {
    return new ConfigurationException(List.of(problem));
  }
}
