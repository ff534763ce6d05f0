package io.sedd.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The compose file and the image that it starts, held against each other and against the code. */
class ComposeTest {

  private static final Path FOLDER = Shipped.DEPLOY.resolve("compose");
  private static final JsonNode COMPOSE = Shipped.yaml(FOLDER.resolve("compose.yaml"));
  private static final String DOCKERFILE = Shipped.text(Shipped.HOME.resolve("Dockerfile"));

  /** Of the compose specification, what is used here. */
  private static final Set<String> KEYS =
      Set.of(
          "image",
          "build",
          "command",
          "entrypoint",
          "environment",
          "ports",
          "volumes",
          "depends_on",
          "healthcheck",
          "read_only",
          "tmpfs",
          "cap_drop",
          "security_opt",
          "stop_grace_period",
          "restart",
          "profiles");

  private static final Set<String> HEALTH =
      Set.of("test", "interval", "timeout", "retries", "start_period");

  private static JsonNode service(String name) {
    return COMPOSE.path("services").path(name);
  }

  private static Set<String> keys(JsonNode node) {
    Set<String> keys = new TreeSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void everyServiceHasOnlyKeysOfTheSpecification() {
    assertEquals(Set.of("name", "services", "volumes"), keys(COMPOSE));
    for (JsonNode service : COMPOSE.path("services")) {
      Set<String> unknown = keys(service);
      unknown.removeAll(KEYS);
      assertEquals(Set.of(), unknown);
      unknown = keys(service.path("healthcheck"));
      unknown.removeAll(HEALTH);
      assertEquals(Set.of(), unknown);
    }
  }

  @Test
  void everyVolumeAndEveryServiceThatIsNamedIsThere() {
    Set<String> mounted = new TreeSet<>();
    for (JsonNode service : COMPOSE.path("services")) {
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asText().split(":")[0];
        if (source.startsWith(".")) {
          assertTrue(Files.exists(FOLDER.resolve(source)), () -> volume + " is not there");
        } else {
          mounted.add(source);
        }
      }
      service
          .path("depends_on")
          .properties()
          .forEach(
              on -> {
                assertTrue(COMPOSE.path("services").has(on.getKey()), on::getKey);
                assertTrue(
                    !on.getValue().path("condition").asText().equals("service_healthy")
                        || service(on.getKey()).has("healthcheck"),
                    () -> on.getKey() + " has no health");
              });
    }
    assertEquals(keys(COMPOSE.path("volumes")), mounted);
  }

  @Test
  void theBrokerIsTheVersionThatTheProjectIsBuiltWith() {
    Matcher version =
        Pattern.compile("<kafka.version>(.*)</kafka.version>")
            .matcher(Shipped.text(Shipped.HOME.resolve("pom.xml")));
    assertTrue(version.find());
    assertEquals("apache/kafka:" + version.group(1), service("kafka").path("image").asText());
    assertEquals(service("kafka").path("image"), service("topics").path("image"));
  }

  @Test
  void theWorkerTakesTheImagesFileAndItsVariables() {
    Map<String, String> environment = new TreeMap<>();
    service("worker")
        .path("environment")
        .properties()
        .forEach(e -> environment.put(e.getKey(), withoutVariables(e.getValue().asText())));
    WorkerConfiguration configuration =
        SeddArguments.worker(Shipped.DEPLOY.resolve("image").resolve("worker.yaml"), environment);
    assertEquals("kafka:9092", configuration.kafka().get("bootstrap.servers"));
    assertEquals(Optional.empty(), configuration.admin().token());
    assertEquals("/checkpoints", configuration.checkpoints().folder().orElseThrow().toString());
    assertEquals("0.0.0.0", configuration.http().host());
    assertTrue(DOCKERFILE.contains("EXPOSE " + configuration.http().port() + "\n"));
    String published = service("worker").path("ports").get(0).asText();
    assertTrue(published.endsWith(":" + configuration.http().port()), published);
    String grace = service("worker").path("stop_grace_period").asText();
    assertTrue(
        Long.parseLong(grace.replace("s", ""))
            >= configuration.delivery().stopLimit().toSeconds() + 10,
        grace);
  }

  /** {@code ${NAME:-default}} as compose has it where the variable is not set. */
  private static String withoutVariables(String text) {
    return text.replaceAll("\\$\\{\\w+:-([^}]*)\\}", "$1");
  }

  @Test
  void noPasswordStandsThereThatTheEnvironmentCannotReplace() {
    for (JsonNode service : COMPOSE.path("services")) {
      service
          .path("environment")
          .properties()
          .forEach(
              e ->
                  assertTrue(
                      !e.getKey().matches(".*(PASSWORD|TOKEN|SECRET).*")
                          || e.getValue().asText().startsWith("${"),
                      e::toString));
    }
  }

  @Test
  void theTrainerTakesItsArgumentsAndItsConfiguration() {
    SeddArguments arguments = SeddArguments.of(service("trainer").path("command"));
    assertEquals("/corpus/train.yaml", arguments.valueOf("--config"));
    var configuration =
        SeddArguments.trainer(FOLDER.resolve("corpus").resolve("train.yaml"), Map.of());
    assertEquals("/checkpoints", configuration.checkpoints().folder().toString());
    assertTrue(
        Shipped.text(Shipped.DEPLOY.resolve("prometheus").resolve("prometheus.yml"))
            .contains("trainer:" + arguments.valueOf("--metrics-port")));
  }

  @Test
  void theFirstCheckpointIsOneThatIsShipped() {
    String command = service("first-checkpoint").path("command").get(0).asText();
    List<String> words = List.of(command.split(" "));
    var arguments = new SeddArguments(words.subList(words.indexOf("checkpoint"), words.size()));
    Path shipped = Path.of(arguments.all().get(2).replace("/opt/sedd", Shipped.HOME.toString()));
    assertTrue(Files.exists(shipped.resolve("model.safetensors")), shipped::toString);
  }

  @Test
  void prometheusFindsTheWorkersByTheServicesName() {
    JsonNode scrape =
        Shipped.yaml(Shipped.DEPLOY.resolve("prometheus").resolve("prometheus.yml"))
            .path("scrape_configs");
    JsonNode names = scrape.get(0).path("dns_sd_configs").get(0);
    assertEquals("worker", names.path("names").get(0).asText());
    assertEquals(8080, names.path("port").asInt());
    assertEquals("sedd-worker", scrape.get(0).path("job_name").asText());
    assertEquals("sedd-trainer", scrape.get(1).path("job_name").asText());
  }

  @Test
  void theImageStartsAWorkerThatAnEnvironmentCompletes() {
    Matcher command = Pattern.compile("(?m)^CMD (\\[.*\\])$").matcher(DOCKERFILE);
    assertTrue(command.find());
    JsonNode words = json(command.group(1));
    SeddArguments arguments = SeddArguments.of(words);
    Path configuration = Path.of(arguments.valueOf("--config"));
    String assembled = Shipped.text(Shipped.DEPLOY.resolve("image").resolve("assemble.sh"));
    assertEquals("/opt/sedd/deploy/image/worker.yaml", configuration.toString());
    assertTrue(assembled.contains("deploy/image/worker.yaml"), "assemble.sh leaves it out");
    // a variable of the worker's here would be an unknown key for every other command
    assertTrue(!DOCKERFILE.replaceAll("(?m)^#.*$|ENTRYPOINT.*", "").contains("ENV SEDD_"));
    assertTrue(Pattern.compile("(?m)^USER [1-9]\\d*:").matcher(DOCKERFILE).find(), "not root");
  }

  private static JsonNode json(String text) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
