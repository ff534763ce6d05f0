package io.sedd.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.launcher.reference.ConfigurationPage;
import io.sedd.launcher.reference.JobsPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documentation says is so: its generated pages, its links, its command lines. */
class DocumentationTest {

  private static final Path ROOT = SeddHome.folder();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(\\./sedd (?:[^\\n\\\\]|\\\\\\n)*)|`(\\./sedd [^`]+)`");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      List<Path> pages = new ArrayList<>(docs.filter(p -> p.toString().endsWith(".md")).toList());
      for (String name : List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")) {
        pages.add(ROOT.resolve(name));
      }
      return pages;
    }
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertFresh(String name, String made) throws IOException {
    Path copy = Path.of("target", name + ".md");
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, made);
    assertEquals(
        made,
        Files.readString(ROOT.resolve("docs/" + name + ".md")),
        "docs/%1$s.md is stale: run ./sedd reference %1$s > docs/%1$s.md".formatted(name));
  }

  @Test
  void theReferenceOfJobsIsWhatTheSchemasGive() throws IOException {
    assertFresh("jobs", new JobsPage().markdown());
  }

  @Test
  void theReferenceOfKeysIsWhatTheRecordsGive() throws IOException {
    assertFresh("configuration", ConfigurationPage.markdown(ROOT.resolve("deploy/worker.yaml")));
  }

  @Test
  void everyRelativeLinkLeadsToAFileAndEveryAnchorToAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher links = LINK.matcher(withoutFences(Files.readString(page)));
      while (links.find()) {
        String link = links.group(1);
        if (!link.contains("://") && !link.startsWith("mailto:")) {
          String[] parts = link.split("#", 2);
          Path target =
              parts[0].isEmpty()
                  ? page
                  : page.resolveSibling(parts[0]).toAbsolutePath().normalize();
          if (!Files.exists(target) || parts.length == 2 && !anchors(target).contains(parts[1])) {
            broken.add(ROOT.relativize(page) + ": " + link);
          }
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static String withoutFences(String text) {
    return text.replaceAll("(?s)```.*?```", "");
  }

  /** As the usual viewers make them of headings. */
  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(
            line ->
                line.replaceFirst("^#+ ", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 _-]", "")
                    .replace(' ', '-'))
        .toList();
  }

  @Test
  void everyCommandLineIsOneThatTheCommandTakes() throws IOException {
    List<String> refused = new ArrayList<>();
    int seen = 0;
    for (Path page : pages()) {
      Matcher commands = COMMAND.matcher(Files.readString(page));
      while (commands.find()) {
        String line = commands.group(1) == null ? commands.group(2) : commands.group(1);
        List<String> words = Shell.words(line);
        seen++;
        try {
          var _ = Sedd.commandLine().parseArgs(arguments(words));
        } catch (CommandLine.MissingParameterException e) {
          // the bare name of a command may stand for the command
          if (words.stream().skip(1).anyMatch(word -> !word.matches("[a-z-]+"))) {
            refused.add(ROOT.relativize(page) + ": " + line + ": " + e.getMessage());
          }
        } catch (CommandLine.ParameterException e) {
          refused.add(ROOT.relativize(page) + ": " + line + ": " + e.getMessage());
        }
      }
    }
    assertEquals(List.of(), refused);
    assertTrue(seen > 20, "only " + seen + " command lines were found");
  }

  private static String[] arguments(List<String> words) {
    return words.subList(1, words.size()).toArray(String[]::new);
  }

  @Test
  void theMetricsThatTheOperatingGuideNamesAreThere() throws IOException {
    String known = Files.readString(ROOT.resolve("docs/metrics.md"));
    List<String> missing =
        Pattern.compile("sedd_[a-z_]+")
            .matcher(Files.readString(ROOT.resolve("docs/operating.md")))
            .results()
            .map(found -> found.group())
            .filter(name -> !known.contains("`" + name + "`"))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void theFilesThatThePagesNameInCommandsAreThere() throws IOException {
    Pattern named =
        Pattern.compile(
            "(?<![A-Za-z0-9_/.-])(?:deploy|docs|benchmarks)/[A-Za-z0-9_/-]+\\.[a-z]+\\b");
    Pattern fence = Pattern.compile("(?s)```.*?```");
    List<String> missing =
        pages().stream()
            .flatMap(page -> fence.matcher(text(page)).results())
            .flatMap(block -> named.matcher(block.group()).results())
            .map(found -> found.group())
            .distinct()
            .filter(name -> !Files.exists(ROOT.resolve(name)))
            .toList();
    assertEquals(List.of(), missing);
  }
}
