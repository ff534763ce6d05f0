package io.sedd.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dashboards of Grafana, as files. What their queries give is in {@link LiveQueriesTest}. */
class DashboardsTest {

  private static final Path GRAFANA = Shipped.DEPLOY.resolve("grafana");
  private static final Path FOLDER = GRAFANA.resolve("dashboards");

  @Test
  void everyQueryNamesMetricsThatAreExportedOrRecorded() {
    Set<String> recorded = Queries.ofRules().keySet();
    Queries.ofDashboards()
        .forEach(
            (where, query) -> {
              assertEquals(Set.of(), ExportedMetrics.unknownIn(query), where);
              Queries.selectors(query).stream()
                  .filter(selector -> selector.startsWith("sedd:"))
                  .forEach(name -> assertTrue(recorded.contains(name), where));
            });
  }

  @Test
  void everyMetricOfAWorkerOrATrainerIsOnSomeDashboardOrInSomeRule() {
    StringBuilder all = new StringBuilder();
    Queries.ofDashboards().values().forEach(query -> all.append(query).append('\n'));
    Queries.ofRules().values().forEach(query -> all.append(query).append('\n'));
    Set<String> unseen = new TreeSet<>();
    for (String name : ExportedMetrics.names()) {
      // of a histogram one of its parts is enough; _created is when a counter began
      String family = name.replaceFirst("_(bucket|count|sum)$", "");
      if (name.startsWith("sedd_")
          && !name.endsWith("_created")
          && !all.toString().contains(family)) {
        unseen.add(family);
      }
    }
    // shown by any list of targets
    unseen.remove("sedd_build_info");
    assertEquals(Set.of(), unseen);
  }

  @Test
  void everyPanelSaysWhatItShowsAndFitsBesideTheOthers() {
    Set<String> names = new TreeSet<>();
    for (Path file : Shipped.files(FOLDER, ".json")) {
      JsonNode board = Shipped.json(file);
      assertTrue(names.add(board.path("uid").asText()), "two dashboards have one uid");
      Set<String> places = new TreeSet<>();
      for (JsonNode panel : board.path("panels")) {
        assertTrue(!panel.path("description").asText().isBlank(), panel.path("title").asText());
        JsonNode at = panel.path("gridPos");
        assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24);
        assertTrue(places.add(at.path("x") + " " + at.path("y")), "two panels in one place");
      }
    }
  }

  @Test
  void theProvisionedSourceIsTheOneThatPanelsName() {
    JsonNode source =
        Shipped.yaml(
                GRAFANA.resolve("provisioning").resolve("datasources").resolve("prometheus.yml"))
            .path("datasources")
            .get(0);
    for (Path file : Shipped.files(FOLDER, ".json")) {
      for (JsonNode panel : Shipped.json(file).path("panels")) {
        assertEquals(source.path("uid"), panel.path("datasource").path("uid"));
        assertEquals(source.path("type"), panel.path("datasource").path("type"));
      }
    }
    JsonNode provider =
        Shipped.yaml(GRAFANA.resolve("provisioning").resolve("dashboards").resolve("sedd.yml"))
            .path("providers")
            .get(0);
    String compose = Shipped.text(Shipped.DEPLOY.resolve("compose").resolve("compose.yaml"));
    String mounted =
        "../grafana/dashboards:" + provider.path("options").path("path").asText() + ":ro";
    assertTrue(compose.contains(mounted), mounted);
  }
}
