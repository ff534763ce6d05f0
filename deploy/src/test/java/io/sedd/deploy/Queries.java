package io.sedd.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What is asked of Prometheus by what is shipped. */
final class Queries {

  /** A series with its matchers, such as {@code up{job="sedd-worker"}}. */
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w:\"])((?:sedd[_:]|process_|jvm_)[\\w:]+|up(?=\\{))(\\{[^}]*\\})?");

  private Queries() {}

  /** Every query of every panel, with where it stands. */
  static Map<String, String> ofDashboards() {
    Map<String, String> queries = new TreeMap<>();
    Path folder = Shipped.DEPLOY.resolve("grafana").resolve("dashboards");
    for (Path file : Shipped.files(folder, ".json")) {
      for (JsonNode panel : Shipped.json(file).path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.put(
              "%s, %s, %s"
                  .formatted(
                      file.getFileName(),
                      panel.path("title").asText(),
                      target.path("refId").asText()),
              // what Grafana makes of it where Prometheus scrapes once a second, and more
              target.path("expr").asText().replace("$__rate_interval", "30s"));
        }
      }
    }
    return queries;
  }

  /**
   * Every series that a rule asks for, and every recording rule. An alert itself must be empty
   * while nothing is wrong; what it looks at must not.
   */
  static Map<String, String> ofRules() {
    Map<String, String> queries = new TreeMap<>();
    Path folder = Shipped.DEPLOY.resolve("prometheus").resolve("rules");
    for (Path file : Shipped.files(folder, ".yml")) {
      for (JsonNode group : Shipped.yaml(file).path("groups")) {
        for (JsonNode rule : group.path("rules")) {
          String expression = rule.path("expr").asText();
          if (rule.has("record")) {
            queries.put(rule.path("record").asText(), expression);
          }
          for (String selector : selectors(expression)) {
            queries.put(file.getFileName() + ", " + selector, selector);
          }
        }
      }
    }
    return queries;
  }

  static Set<String> selectors(String expression) {
    Set<String> selectors = new TreeSet<>();
    SELECTOR.matcher(expression).results().map(MatchResult::group).forEach(selectors::add);
    return selectors;
  }
}
