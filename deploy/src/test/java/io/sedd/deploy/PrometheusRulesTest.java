package io.sedd.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.deploy.PrometheusTool.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules of Prometheus: they load, every alert is tried both ways, and nothing unknown is named. */
class PrometheusRulesTest {

  private static final Path FOLDER = Shipped.DEPLOY.resolve("prometheus");
  private static final Path PAGE = Shipped.HOME.resolve("docs").resolve("alerts.md");
  private static final Pattern GROUPED =
      Pattern.compile("(?:by|on|without|ignoring) \\(([^)]*)\\)");
  private static final Pattern MATCHED = Pattern.compile("([a-z]+)(?:=|!=|=~|!~)\"");

  private static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    for (Path file : Shipped.files(FOLDER.resolve("rules"), ".yml")) {
      Shipped.yaml(file).path("groups").forEach(g -> g.path("rules").forEach(rules::add));
    }
    return rules;
  }

  private static List<JsonNode> alerts() {
    return rules().stream().filter(rule -> rule.has("alert")).toList();
  }

  private static Set<String> names() {
    return alerts().stream()
        .map(alert -> alert.path("alert").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void prometheusTakesTheConfigurationAndAllRules() throws Exception {
    Outcome outcome = PrometheusTool.promtool("check", "config", "prometheus.yml");
    assertEquals(0, outcome.exitCode(), outcome.printed());
    assertTrue(outcome.printed().contains("SUCCESS"), outcome.printed());
  }

  @Test
  void everyAlertFiresAndKeepsQuietAsItsTestsSay() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("test", "rules"));
    Shipped.files(FOLDER.resolve("tests"), ".yml").forEach(f -> arguments.add(f.toString()));
    Outcome outcome = PrometheusTool.promtool(arguments.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome.printed());
  }

  @Test
  void everyAlertHasATestThatFiresAndOneThatDoesNot() {
    Set<String> firing = new TreeSet<>();
    Set<String> quiet = new TreeSet<>();
    for (Path file : Shipped.files(FOLDER.resolve("tests"), ".yml")) {
      for (JsonNode test : Shipped.yaml(file).path("tests")) {
        for (JsonNode tried : test.path("alert_rule_test")) {
          (tried.path("exp_alerts").isEmpty() ? quiet : firing)
              .add(tried.path("alertname").asText());
        }
      }
    }
    assertEquals(names(), firing);
    assertEquals(names(), quiet);
  }

  @Test
  void everyAlertHasASeverityASummaryAndItsSectionInThePage() {
    String page = Shipped.text(PAGE);
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      assertTrue(alert.path("labels").path("severity").asText().matches("warning|critical"), name);
      JsonNode annotations = alert.path("annotations");
      assertTrue(!annotations.path("summary").asText().isBlank(), name);
      assertEquals(
          "docs/alerts.md#" + name.toLowerCase(java.util.Locale.ROOT),
          annotations.path("runbook").asText());
      assertTrue(page.contains("\n### " + name + "\n\n"), () -> PAGE + " lacks " + name);
    }
  }

  @Test
  void thePageExplainsNoAlertThatIsNotThere() {
    Set<String> explained =
        Pattern.compile("(?m)^### (\\w+)$")
            .matcher(Shipped.text(PAGE))
            .results()
            .map(heading -> heading.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(names(), explained);
  }

  @Test
  void everyMetricOfARuleIsExportedOrRecorded() {
    Set<String> recorded =
        rules().stream().map(r -> r.path("record").asText()).collect(Collectors.toSet());
    for (JsonNode rule : rules()) {
      String expression = rule.path("expr").asText();
      assertEquals(Set.of(), ExportedMetrics.unknownIn(expression), expression);
      Pattern.compile("sedd:[a-z0-9_:]+")
          .matcher(expression)
          .results()
          .map(MatchResult::group)
          .forEach(name -> assertTrue(recorded.contains(name), name));
    }
  }

  @Test
  void everyLabelOfARuleIsOneThatMetricsHave() {
    for (JsonNode rule : rules()) {
      String expression = rule.path("expr").asText();
      Set<String> used = new TreeSet<>();
      GROUPED
          .matcher(expression)
          .results()
          .forEach(by -> used.addAll(List.of(by.group(1).split(", *"))));
      MATCHED.matcher(expression).results().forEach(match -> used.add(match.group(1)));
      used.removeAll(ExportedMetrics.labels());
      assertEquals(Set.of(), used, expression);
    }
  }

  @Test
  void theMetricsAndAlertsThatThePageNamesExist() {
    assertEquals(Set.of(), ExportedMetrics.unknownFamiliesIn(Shipped.text(PAGE)));
  }
}
