package io.sedd.protocol.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A configuration with a component of every type. */
record Kitchen(
    Stove stove,
    Optional<Cellar> cellar,
    List<String> dishes,
    List<Integer> tables,
    List<Shelf> shelves,
    Map<String, String> kafka,
    Map<String, String> kafkaConsumer) {

  record Stove(
      String name,
      int maxHeat,
      long grains,
      double salt,
      boolean lit,
      Path book,
      Duration boil,
      Fuel fuel,
      Optional<Integer> guests,
      Optional<String> password) {
    Stove {
      if (maxHeat < 1) {
        throw new IllegalArgumentException("maxHeat must be at least 1, but is " + maxHeat);
      }
    }
  }

  record Cellar(int bottles, Optional<Path> door) {}

  record Shelf(String label, int jars) {}

  enum Fuel {
    GAS,
    OLD_WOOD
  }

  static final String DEFAULTS =
      """
      stove:
        name: big
        maxHeat: 300
        grains: 5_000_000_000
        salt: 1.5
        lit: false
        book: recipes/book.txt
        boil: 30s
        fuel: gas
      dishes: [soup, bread]
      tables: []
      shelves: []
      kafka:
        bootstrap.servers: localhost:9092
        retries: 3
      """;

  /** The configuration that the sources make of the defaults. */
  static Kitchen read(Optional<Path> file, Map<String, String> environment, String... settings) {
    return read(DEFAULTS, file, environment, settings);
  }

  static Kitchen read(
      String defaults, Optional<Path> file, Map<String, String> environment, String... settings) {
    return new ConfigurationReader<>(Kitchen.class, Set.of("SEDD_HOME"))
        .read(new ConfigurationSources(defaults, file, environment, List.of(settings)));
  }
}
