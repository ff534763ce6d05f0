package io.sedd.launcher.reference;

import io.sedd.protocol.configuration.ConfigurationKey;
import io.sedd.protocol.configuration.ConfigurationSources;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code docs/configuration.md}: the keys of the worker's records, the defaults that are built in,
 * and what {@code deploy/worker.yaml} says of each.
 */
public final class ConfigurationPage {

  private ConfigurationPage() {}

  /**
   * The page in Markdown.
   *
   * @param example the file with the explanations
   * @throws IllegalStateException naming a key that nothing explains
   */
  public static String markdown(Path example) throws IOException {
    List<ConfigurationKey> keys = ConfigurationKey.of(WorkerConfiguration.class);
    Set<String> known = new LinkedHashSet<>();
    for (ConfigurationKey key : keys) {
      for (int dot = key.name().indexOf('.'); dot > 0; dot = key.name().indexOf('.', dot + 1)) {
        known.add(key.name().substring(0, dot));
      }
      known.add(key.name());
    }
    CommentedKeys explained = new CommentedKeys(Files.readString(example), known);
    CommentedKeys defaults =
        new CommentedKeys(
            ConfigurationSources.resource(WorkerConfiguration.class, "defaults.yaml"), known);
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Configuration of a worker

        One YAML file (`--config`; [deploy/worker.yaml](../deploy/worker.yaml) is one to begin with), then the environment, then \
        `--set key=value`; the later wins. An unknown key is an error that names the nearest known one. Every key is also a variable: \
        `SEDD_BATCH_MAX_ROWS` is `batch.maxRows`, `SEDD_KAFKA_BOOTSTRAP_SERVERS` the entry `bootstrap.servers` of `kafka`. Sizes are \
        plain numbers, durations are written `250ms`, `30s`, `5m`, `2h`, `1d`. Made by \
        `./sedd reference configuration > docs/configuration.md`; a test keeps this page and the code together.
        """);
    String section = null;
    for (ConfigurationKey key : keys) {
      String parent = parent(key.name());
      if (!parent.equals(section)) {
        section = parent;
        heading(page, section, explained);
      }
      page.append(row(key, explained, defaults));
    }
    return page.toString();
  }

  private static void heading(StringBuilder page, String section, CommentedKeys explained) {
    page.append("\n## ").append(section.isEmpty() ? "The worker" : "`" + section + "`");
    page.append("\n\n");
    String comment = explained.comment(section);
    if (!section.isEmpty() && !comment.isEmpty()) {
      page.append(comment).append("\n\n");
    }
    page.append("| key | value | default | meaning |\n|---|---|---|---|\n");
  }

  private static String row(ConfigurationKey key, CommentedKeys explained, CommentedKeys defaults) {
    String meaning = explained.comment(key.name());
    if (meaning.isEmpty() && explained.comment(parent(key.name())).isEmpty()) {
      throw new IllegalStateException(
          "nothing explains "
              + key.name()
              + ": write a comment above it in deploy/worker.yaml, commented out if need be");
    }
    return "| %s | %s | %s | %s |\n"
        .formatted(
            Cell.code(key.name()),
            Cell.of(kind(key)),
            Cell.code(defaults.value(key.name())),
            Cell.of(meaning));
  }

  /** The page's introduction says how durations and numbers are written. */
  private static String kind(ConfigurationKey key) {
    String expected = key.expected();
    if (expected.startsWith("a duration")) {
      return "a duration";
    }
    if (expected.startsWith("a list of an integer")) {
      return "a list of integers";
    }
    return expected.startsWith("an integer") ? "an integer" : expected;
  }

  private static String parent(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }
}
