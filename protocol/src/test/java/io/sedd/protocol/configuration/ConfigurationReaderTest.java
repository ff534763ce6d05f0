package io.sedd.protocol.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.protocol.configuration.Kitchen.Cellar;
import io.sedd.protocol.configuration.Kitchen.Fuel;
import io.sedd.protocol.configuration.Kitchen.Shelf;
import io.sedd.protocol.configuration.Kitchen.Stove;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {

  private static final Map<String, String> NO_VARIABLES = Map.of();

  @TempDir private Path folder;

  @Test
  void theDefaultsAloneMakeAConfiguration() {
    Kitchen expected =
        new Kitchen(
            new Stove(
                "big",
                300,
                5_000_000_000L,
                1.5,
                false,
                Path.of("recipes/book.txt"),
                Duration.ofSeconds(30),
                Fuel.GAS,
                Optional.empty(),
                Optional.empty()),
            Optional.empty(),
            List.of("soup", "bread"),
            List.of(),
            List.of(),
            Map.of("bootstrap.servers", "localhost:9092", "retries", "3"),
            Map.of());
    assertEquals(expected, Kitchen.read(Optional.empty(), NO_VARIABLES));
  }

  @Test
  void aFileOverridesTheDefaultsKeyByKey() throws IOException {
    Kitchen kitchen =
        Kitchen.read(
            file(
                """
                stove:
                  maxHeat: 250   # a comment
                  fuel: old-wood
                  guests: 12
                  boil: PT1M30S
                cellar:
                  bottles: 7
                  door: /dark/door
                dishes:
                  - cake
                tables: [1, 2]
                shelves:
                  - {label: top, jars: 3}
                  - label: low
                    jars: 9
                """),
            NO_VARIABLES);
    assertEquals("big", kitchen.stove().name());
    assertEquals(250, kitchen.stove().maxHeat());
    assertEquals(Fuel.OLD_WOOD, kitchen.stove().fuel());
    assertEquals(Optional.of(12), kitchen.stove().guests());
    assertEquals(Duration.ofSeconds(90), kitchen.stove().boil());
    assertEquals(Optional.of(new Cellar(7, Optional.of(Path.of("/dark/door")))), kitchen.cellar());
    assertEquals(List.of("cake"), kitchen.dishes());
    assertEquals(List.of(1, 2), kitchen.tables());
    assertEquals(List.of(new Shelf("top", 3), new Shelf("low", 9)), kitchen.shelves());
  }

  @Test
  void theCommandLineOverridesTheEnvironmentWhichOverridesTheFile() throws IOException {
    Optional<Path> file = file("stove: {maxHeat: 1, grains: 1, salt: 1}");
    Map<String, String> variables = Map.of("SEDD_STOVE_GRAINS", "2", "SEDD_STOVE_SALT", "2");
    Stove stove = Kitchen.read(file, variables, "stove.salt=3").stove();
    assertEquals(1, stove.maxHeat());
    assertEquals(2, stove.grains());
    assertEquals(3, stove.salt());
  }

  @Test
  void ofTwoSettingsOfOneKeyTheLastCounts() {
    Kitchen kitchen =
        Kitchen.read(Optional.empty(), NO_VARIABLES, "stove.maxHeat=5", "stove.maxHeat=6");
    assertEquals(6, kitchen.stove().maxHeat());
  }

  @Test
  void aKeysVariableIsWrittenWithOrWithoutUnderscoresBetweenItsWords() {
    for (String name : List.of("SEDD_STOVE_MAXHEAT", "SEDD_STOVE_MAX_HEAT", "SEDD_stove_maxHeat")) {
      assertEquals(77, Kitchen.read(Optional.empty(), Map.of(name, "77")).stove().maxHeat(), name);
    }
  }

  @Test
  void aMapsEntriesAreSetByVariablesAndSettings() {
    Kitchen kitchen =
        Kitchen.read(
            Optional.empty(),
            Map.of(
                "SEDD_KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2",
                "SEDD_KAFKA_X__Y___Z", "odd",
                "SEDD_KAFKA_CONSUMER_GROUP_ID", "g"),
            "kafka.sasl.jaas.config=a=b",
            "kafka.retries=9");
    assertEquals(
        Map.of(
            "bootstrap.servers", "a:1,b:2",
            "x-y_z", "odd",
            "sasl.jaas.config", "a=b",
            "retries", "9"),
        kitchen.kafka());
    assertEquals(Map.of("group.id", "g"), kitchen.kafkaConsumer());
  }

  @Test
  void aMapsScalarsStayAsTheyAreWritten() throws IOException {
    Kitchen kitchen =
        Kitchen.read(
            file(
                """
                kafka:
                  a: 010
                  b: 1.10
                  c: on
                  d: True
                  e: 1_000
                  f: "quoted"
                  g: 2026-11-24
                  "h.i": 0x1F
                """),
            NO_VARIABLES);
    Map<String, String> added = new TreeMap<>(kitchen.kafka());
    added.keySet().removeAll(Set.of("bootstrap.servers", "retries"));
    assertEquals(
        "{a=010, b=1.10, c=on, d=True, e=1_000, f=quoted, g=2026-11-24, h.i=0x1F}",
        added.toString());
  }

  @Test
  void listsAreGivenOnOneLineWithOrWithoutBrackets() {
    Map<String, String> variables = Map.of("SEDD_DISHES", "a, b", "SEDD_TABLES", "[3, 4]");
    Kitchen kitchen = Kitchen.read(Optional.empty(), variables, "shelves=[{label: x, jars: 1}]");
    assertEquals(List.of("a", "b"), kitchen.dishes());
    assertEquals(List.of(3, 4), kitchen.tables());
    assertEquals(List.of(new Shelf("x", 1)), kitchen.shelves());
    assertEquals(List.of(), Kitchen.read(Optional.empty(), Map.of(), "dishes=").dishes());
  }

  @Test
  void anOptionalIsEmptiedByNothing() throws IOException {
    Optional<Path> file = file("stove: {guests: 3, password: x}");
    assertEquals(Optional.of(3), Kitchen.read(file, NO_VARIABLES).stove().guests());
    Stove emptied = Kitchen.read(file, Map.of("SEDD_STOVE_GUESTS", ""), "stove.password=").stove();
    assertEquals(Optional.empty(), emptied.guests());
    assertEquals(Optional.empty(), emptied.password());
  }

  @Test
  void anOptionalSectionIsMadeByOneSetting() {
    assertEquals(
        Optional.of(new Cellar(4, Optional.empty())),
        Kitchen.read(Optional.empty(), NO_VARIABLES, "cellar.bottles=4").cellar());
  }

  @Test
  void aSectionWhoseKeysAreAllCommentedOutChangesNothing() throws IOException {
    Kitchen kitchen = Kitchen.read(file("stove:\n  # maxHeat: 3\nkafka:\n"), NO_VARIABLES);
    assertEquals(Kitchen.read(Optional.empty(), NO_VARIABLES), kitchen);
  }

  @Test
  void anEmptyTextInQuotesIsAText() throws IOException {
    assertEquals("", Kitchen.read(file("stove: {name: ''}"), NO_VARIABLES).stove().name());
  }

  @Test
  void anEmptyFileChangesNothing() throws IOException {
    Kitchen plain = Kitchen.read(Optional.empty(), NO_VARIABLES);
    assertEquals(plain, Kitchen.read(file(""), NO_VARIABLES));
    assertEquals(plain, Kitchen.read(file("# nothing yet\n"), NO_VARIABLES));
  }

  @Test
  void variablesOfOthersAreNotRead() {
    Map<String, String> others = Map.of("PATH", "/bin", "SEDD", "x", "SEDD_HOME", "/opt/sedd");
    assertEquals(
        Kitchen.read(Optional.empty(), NO_VARIABLES), Kitchen.read(Optional.empty(), others));
  }

  @Test
  void keysThatOneVariableWouldMeanAreRefusedAtOnce() {
    record Inner(int b) {}
    record Outer(Inner a, int aB) {}
    assertThrows(
        IllegalArgumentException.class, () -> new ConfigurationReader<>(Outer.class, Set.of()));
  }

  @Test
  void aTypeThatCannotBeConfiguredIsRefusedAtOnce() {
    record Strange(Thread thread) {}
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ConfigurationReader<>(Strange.class, Set.of()));
    assertEquals(
        "Strange.thread cannot be configured: its type is class java.lang.Thread",
        thrown.getMessage());
  }

  private Optional<Path> file(String yaml) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("kitchen.yaml"), yaml));
  }
}
