package io.sedd.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.configuration.LauncherVariables;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line as a person meets it. */
class SeddTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Sedd.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @Test
  void everyCommandHasHelp() {
    for (String name : Sedd.commandLine().getSubcommands().keySet()) {
      assertEquals(0, run(name, "--help"), name);
    }
    assertTrue(out.toString().contains("Usage: sedd sample"), out.toString());
  }

  @Test
  void aMissingCommandIsAUsageError() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("a command is missing"), err.toString());
  }

  @Test
  void anUnknownOptionIsAUsageErrorThatNamesTheNearestOnes() {
    assertEquals(2, run("sample", "--stepz", "3", "--template", "{\"blank\": 3}"));
    assertTrue(err.toString().contains("--steps"), err.toString());
  }

  @Test
  void aJobThatBreaksTheContractIsAUsageErrorWithItsPath() {
    assertEquals(2, run("sample", "--steps", "0", "--template", "{\"blank\": 3}"));
    assertTrue(err.toString().contains("$.steps"), err.toString());
  }

  @Test
  void aFolderWithoutACheckpointIsAFailureInOneSentence(@TempDir Path empty) {
    assertEquals(
        1,
        run(
            "sample",
            "--backend",
            "reference",
            "--checkpoint",
            empty.toString(),
            "--template",
            "{\"blank\": 3}"));
    assertTrue(err.toString().startsWith("sedd: " + empty), err.toString());
  }

  @Test
  void theSameSeedGivesTheSameTextAndAnotherSeedAnother() {
    List<String> texts =
        List.of("7", "7", "8").stream()
            .map(
                seed -> {
                  out.getBuffer().setLength(0);
                  String[] arguments = {
                    "sample",
                    "--template",
                    "{\"text\": \"Once\"}",
                    "--template",
                    "{\"blank\": 12}",
                    "--steps",
                    "8",
                    "--seed",
                    seed
                  };
                  assertEquals(0, run(arguments), err.toString());
                  return out.toString();
                })
            .toList();
    assertTrue(texts.getFirst().startsWith("Once"), texts.getFirst());
    assertEquals(texts.get(0), texts.get(1));
    assertNotEquals(texts.get(0), texts.get(2));
  }

  @Test
  void noVariableOfTheLauncherIsTakenForConfiguration() throws IOException {
    List<String> used =
        Pattern.compile("SEDD_[A-Z_]+")
            .matcher(Files.readString(SeddHome.folder().resolve("sedd")))
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertTrue(used.contains("SEDD_NO_BUILD"), used.toString());
    assertTrue(LauncherVariables.NAMES.containsAll(used), used.toString());
    Map<String, String> environment =
        LauncherVariables.NAMES.stream().collect(Collectors.toMap(name -> name, _ -> "x"));
    List<String> settings = List.of("kafka.bootstrap.servers=b:1", "checkpoints.folder=c");
    assertEquals(
        WorkerConfiguration.read(Optional.empty(), Map.of(), settings),
        WorkerConfiguration.read(Optional.empty(), environment, settings));
  }
}
