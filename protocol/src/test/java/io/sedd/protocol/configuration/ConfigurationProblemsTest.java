package io.sedd.protocol.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is told with its key, its place and what would be right. */
class ConfigurationProblemsTest {

  @TempDir private Path folder;

  @Test
  void anUnknownKeyOfTheFileIsToldWithItsLineAndTheNearestKey() throws IOException {
    assertEquals(
        List.of("unknown key stove.maxHaet (FILE line 3); the nearest known key is stove.maxHeat"),
        problemsOfFile("stove:\n  name: a\n  maxHaet: 3\n"));
  }

  @Test
  void aKnownKeyAtTheWrongPlaceIsToldWithItsRightOne() throws IOException {
    assertEquals(
        List.of("unknown key maxHeat (FILE line 1); the nearest known key is stove.maxHeat"),
        problemsOfFile("maxHeat: 3\n"));
  }

  @Test
  void anUnknownKeyInAListOfSectionsIsTold() throws IOException {
    assertEquals(
        List.of(
            "unknown key shelves[0].lable (FILE line 1); the nearest known key is shelves[0].label",
            "missing required keys: shelves[0].label"),
        problemsOfFile("shelves: [{lable: x, jars: 1}]"));
  }

  @Test
  void anUnknownVariableIsToldWithTheNearestOne() {
    assertEquals(
        List.of(
            "unknown environment variable SEDD_STOVE_MAX_HAET"
                + "; the nearest known one is SEDD_STOVE_MAX_HEAT"),
        problems(Map.of("SEDD_STOVE_MAX_HAET", "3")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SEDD_WORKER_SERVICE_HOST", "SEDD_WORKER_PORT", "SEDD_WORKER_PORT_9090_TCP_ADDR"})
  void aVariableThatKubernetesMadeIsToldWithItsRemedy(String name) {
    String problem = problems(Map.of(name, "10.0.0.1")).getFirst();
    assertTrue(problem.endsWith("set enableServiceLinks: false in the pod"), problem);
  }

  @Test
  void twoVariablesForOneKeyAreTold() {
    assertEquals(
        List.of(
            "the environment variables SEDD_STOVE_MAXHEAT and SEDD_STOVE_MAX_HEAT"
                + " both set stove.maxHeat; keep one of them"),
        problems(Map.of("SEDD_STOVE_MAX_HEAT", "3", "SEDD_STOVE_MAXHEAT", "4")));
  }

  @Test
  void anUnknownSettingIsToldWithTheNearestKey() {
    assertEquals(
        List.of(
            "unknown key stove.nam (--set); the nearest known key is stove.name",
            "unknown key stove.name.first (--set); the nearest known key is stove.name",
            "--set stove has no key and value; write --set key=value",
            "--set =x has no key and value; write --set key=value"),
        problems(Map.of(), "stove.nam=x", "stove.name.first=x", "stove", "=x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stove.maxHeat=abc | an integer from -2147483648 to 2147483647",
        "stove.maxHeat=2147483648 | an integer from -2147483648 to 2147483647",
        "stove.maxHeat=1.0 | an integer from -2147483648 to 2147483647",
        "stove.maxHeat=010 | an integer from -2147483648 to 2147483647",
        "stove.maxHeat= | an integer from -2147483648 to 2147483647",
        "stove.grains=9223372036854775808 | an integer of 64 bits",
        "stove.salt=NaN | a number",
        "stove.salt=1e999 | a number",
        "stove.salt=1f | a number",
        "stove.lit=yes | true or false",
        "stove.lit=TRUE | true or false",
        "stove.book= | a path",
        "stove.boil=30 | a duration such as 250ms, 30s, 5m, 2h, 1d or PT1M30S",
        "stove.boil=-5s | a duration such as 250ms, 30s, 5m, 2h, 1d or PT1M30S",
        "stove.boil=PT-5S | a duration such as 250ms, 30s, 5m, 2h, 1d or PT1M30S",
        "stove.boil=99999999999999999999s | a duration such as 250ms, 30s, 5m, 2h, 1d or PT1M30S",
        "stove.fuel=OLD_WOOD | one of gas, old-wood",
        "stove=x | a section of keys",
        "kafka=x | a map of names to texts",
        "stove.guests=many | an integer from -2147483648 to 2147483647"
      })
  void aValueOfTheWrongTypeIsToldWithWhatIsExpected(String setting, String expected) {
    String key = setting.substring(0, setting.indexOf('='));
    String text = setting.substring(key.length() + 1);
    assertEquals(
        List.of(key + " must be " + expected + ", but is \"" + text + "\" (--set " + key + ")"),
        problems(Map.of(), setting));
  }

  @Test
  void aValueOfTheWrongFormInTheFileIsToldWithItsLine() throws IOException {
    assertEquals(
        List.of(
            "stove.name must be a text, but is a list (FILE line 2)",
            "stove.lit must be true or false, but is empty (FILE line 3)",
            "dishes must be a list, but is \"soup\" (FILE line 4)",
            "tables[1] must be an integer from -2147483648 to 2147483647, but is \"x\""
                + " (FILE line 5)",
            "kafka.ssl must be a text, but is a section (FILE line 6)"),
        problemsOfFile(
            """
            stove:
              name: [a]
              lit:
            dishes: soup
            tables: [1, x]
            kafka: {ssl: {protocol: TLS}}
            """));
  }

  @Test
  void aSecretOfTheWrongFormIsNotShown() {
    record Safe(int pinSecret) {}
    var reader = new ConfigurationReader<>(Safe.class, Set.of());
    var sources =
        new ConfigurationSources(
            "", Optional.empty(), Map.of("SEDD_PIN_SECRET", "hunter2"), List.of());
    var thrown = assertThrows(ConfigurationException.class, () -> reader.read(sources));
    assertFalse(thrown.getMessage().contains("hunter2"), thrown.getMessage());
  }

  @Test
  void allMissingKeysAreToldAtOnce() {
    var thrown =
        assertThrows(
            ConfigurationException.class,
            () -> Kitchen.read("stove: {name: x}", Optional.empty(), Map.of(), "cellar.door=/d"));
    assertEquals(
        List.of(
            "missing required keys: stove.maxHeat, stove.grains, stove.salt, stove.lit, stove.book,"
                + " stove.boil, stove.fuel, cellar.bottles, dishes, tables, shelves"),
        thrown.problems());
  }

  @Test
  void aRuleOfARecordIsToldWithItsSection() {
    assertEquals(
        List.of("stove: maxHeat must be at least 1, but is 0"),
        problems(Map.of(), "stove.maxHeat=0"));
  }

  @Test
  void severalProblemsOfSeveralSourcesAreToldAtOnce() throws IOException {
    var thrown =
        assertThrows(
            ConfigurationException.class,
            () ->
                Kitchen.read(
                    file("stove: {lit: maybe}"), Map.of("SEDD_X", "1"), "stove.maxHeat=x"));
    assertEquals(3, thrown.problems().size(), thrown.getMessage());
    for (String problem : thrown.problems()) {
      assertTrue(thrown.getMessage().contains(problem), problem);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stove: {name: a}\\nstove: {name: b} | FILE line 2 is not YAML",
        "stove: [unclosed | FILE line 1 is not YAML",
        "stove: a: b | FILE line 1 is not YAML",
        "[a, b] | FILE must be a mapping of keys to values",
        "hello | FILE must be a mapping of keys to values",
        "dishes: []\\n---\\ndishes: [] | FILE must be one YAML document",
        "dishes: &x [a]\\ntables: *x | FILE line 2 uses a YAML alias"
      })
  void aFileThatIsNoPlainYamlIsToldWithItsLine(String yaml, String problem) throws IOException {
    List<String> problems = problemsOfFile(yaml.replace("\\n", "\n"));
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().startsWith(problem), problems.getFirst());
  }

  @Test
  void aSyntaxErrorDoesNotQuoteTheFile() throws IOException {
    String problem = problemsOfFile("kafka:\n  password: hunter2: x\n").getFirst();
    assertFalse(problem.contains("hunter2"), problem);
  }

  @Test
  void aMissingFileIsTold() {
    Path absent = folder.resolve("absent.yaml");
    var thrown =
        assertThrows(
            ConfigurationException.class, () -> Kitchen.read(Optional.of(absent), Map.of()));
    assertEquals(
        List.of("the configuration file " + absent + " does not exist"), thrown.problems());
  }

  @Test
  void aFileThatIsNotUtf8IsTold() throws IOException {
    Path file = Files.write(folder.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
    var thrown =
        assertThrows(ConfigurationException.class, () -> Kitchen.read(Optional.of(file), Map.of()));
    assertEquals(
        List.of("the configuration file " + file + " is not UTF-8 text"), thrown.problems());
  }

  private static List<String> problems(Map<String, String> environment, String... settings) {
    return assertThrows(
            ConfigurationException.class,
            () -> Kitchen.read(Optional.empty(), environment, settings))
        .problems();
  }

  /** The problems, the file's path written as FILE. */
  private List<String> problemsOfFile(String yaml) throws IOException {
    Optional<Path> file = file(yaml);
    return assertThrows(ConfigurationException.class, () -> Kitchen.read(file, Map.of()))
        .problems()
        .stream()
        .map(problem -> problem.replace(file.orElseThrow().toString(), "FILE"))
        .toList();
  }

  private Optional<Path> file(String yaml) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("kitchen.yaml"), yaml));
  }
}
