package io.sedd.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.sedd.trainer.training.TrainingConfiguration;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is applied to a cluster, held against the models of Kubernetes and against the code. */
class KubernetesTest {

  private static final Path OVERLAYS = Shipped.DEPLOY.resolve("kubernetes").resolve("overlays");

  @TempDir private Path folder;

  private static List<ObjectNode> resources(String overlay) {
    return Kustomization.of(OVERLAYS.resolve(overlay)).resources();
  }

  private static List<JsonNode> ofKind(List<? extends JsonNode> resources, String kind) {
    return resources.stream()
        .filter(resource -> resource.path("kind").asText().equals(kind))
        .map(JsonNode.class::cast)
        .toList();
  }

  private static JsonNode worker(List<? extends JsonNode> resources) {
    return ofKind(resources, "Deployment").getFirst();
  }

  private static JsonNode pod(JsonNode owner) {
    return owner.path("spec").path("template").path("spec");
  }

  private static JsonNode container(JsonNode owner) {
    JsonNode containers = pod(owner).path("containers");
    assertEquals(1, containers.size());
    return containers.get(0);
  }

  /** Variables of a container; what Kubernetes would fill in is something like it. */
  private static Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new TreeMap<>();
    for (JsonNode variable : container.path("env")) {
      environment.put(variable.path("name").asText(), variable.path("value").asText("3"));
    }
    return environment;
  }

  private Path written(String overlay, String map, String file) throws IOException {
    String text = Kustomization.of(OVERLAYS.resolve(overlay)).generated().get(map).get(file);
    return Files.writeString(folder.resolve(file), text);
  }

  private WorkerConfiguration workerConfiguration(String overlay) throws IOException {
    return SeddArguments.worker(
        written(overlay, "sedd-worker", "worker.yaml"),
        environment(container(worker(resources(overlay)))));
  }

  private static List<JsonNode> owners(List<? extends JsonNode> resources) {
    return Stream.of("Deployment", "Job").flatMap(k -> ofKind(resources, k).stream()).toList();
  }

  private static Set<String> portNames(JsonNode owner) {
    Set<String> names = new TreeSet<>();
    container(owner).path("ports").forEach(port -> names.add(port.path("name").asText()));
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void everyManifestHasOnlyFieldsThatItsKindHas(String overlay) {
    List<ObjectNode> resources = resources(overlay);
    resources.forEach(StrictKubernetes::read);
    ObjectNode worker = (ObjectNode) container(worker(resources)).path("livenessProbe");
    worker.put("periodSecond", 10);
    AssertionError refused =
        assertThrows(AssertionError.class, () -> StrictKubernetes.read(worker(resources)));
    assertTrue(refused.getMessage().contains("periodSecond"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void theWorkerTakesItsConfigurationAndItsArguments(String overlay) throws IOException {
    JsonNode container = container(worker(resources(overlay)));
    SeddArguments arguments = SeddArguments.of(container.path("args"));
    assertEquals("/etc/sedd/worker.yaml", arguments.valueOf("--config"));
    WorkerConfiguration configuration = workerConfiguration(overlay);
    assertEquals(
        container.path("ports").get(0).path("containerPort").asInt(), configuration.http().port());
    assertEquals("0.0.0.0", configuration.http().host());
    assertEquals("127.0.0.1", configuration.admin().host());
    assertTrue(configuration.admin().tokenFile().orElseThrow().startsWith("/run/secrets/sedd"));
    assertEquals(overlay.equals("s3"), configuration.checkpoints().location().isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void everyFolderOfTheWorkersConfigurationIsMounted(String overlay) throws IOException {
    WorkerConfiguration.Checkpoints checkpoints = workerConfiguration(overlay).checkpoints();
    Map<String, JsonNode> mounts = mounts(worker(resources(overlay)));
    checkpoints.folder().ifPresent(f -> assertTrue(mounts.containsKey(f.toString()), f::toString));
    if (checkpoints.s3().cacheFolder().isPresent()) {
      JsonNode cache = mounts.get(checkpoints.s3().cacheFolder().get().toString());
      Quantity room = Quantity.parse(cache.path("emptyDir").path("sizeLimit").asText());
      assertTrue(Quantity.getAmountInBytes(room).longValueExact() > checkpoints.s3().cacheBytes());
    }
  }

  /** Volumes by the path that they are mounted on. */
  private static Map<String, JsonNode> mounts(JsonNode owner) {
    Map<String, JsonNode> volumes = new TreeMap<>();
    pod(owner).path("volumes").forEach(v -> volumes.put(v.path("name").asText(), v));
    Map<String, JsonNode> mounts = new TreeMap<>();
    for (JsonNode mount : container(owner).path("volumeMounts")) {
      JsonNode volume = volumes.remove(mount.path("name").asText());
      assertTrue(volume != null, () -> "no volume " + mount);
      mounts.put(mount.path("mountPath").asText(), volume);
    }
    assertEquals(Map.of(), volumes, "volumes that nobody mounts");
    return mounts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void theTrainerTakesItsConfigurationAndItsArguments(String overlay) throws IOException {
    JsonNode job = ofKind(resources(overlay), "Job").getFirst();
    JsonNode container = container(job);
    SeddArguments arguments = SeddArguments.of(container.path("args"));
    assertEquals(
        container.path("ports").get(0).path("containerPort").asText(),
        arguments.valueOf("--metrics-port"));
    TrainingConfiguration configuration =
        SeddArguments.trainer(
            written(overlay, "sedd-trainer", "train.yaml"), environment(container));
    Map<String, JsonNode> mounts = mounts(job);
    assertTrue(mounts.containsKey(configuration.checkpoints().folder().toString()));
    configuration
        .corpus()
        .train()
        .forEach(file -> assertTrue(mounts.containsKey(file.getParent().toString())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void podsLiveUnderTheRestrictedStandard(String overlay) {
    for (JsonNode owner : owners(resources(overlay))) {
      JsonNode pod = pod(owner).path("securityContext");
      assertTrue(pod.path("runAsNonRoot").asBoolean());
      assertTrue(pod.path("runAsUser").asInt() > 0);
      assertEquals("RuntimeDefault", pod.path("seccompProfile").path("type").asText());
      JsonNode container = container(owner).path("securityContext");
      assertEquals("false", container.path("allowPrivilegeEscalation").asText("absent"));
      assertTrue(container.path("readOnlyRootFilesystem").asBoolean());
      assertEquals("[\"ALL\"]", container.path("capabilities").path("drop").toString());
      assertEquals("false", pod(owner).path("automountServiceAccountToken").asText("absent"));
      assertTrue(mounts(owner).containsKey("/tmp"), "HOME of the image is /tmp");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void aWorkerHasTimeToDrainBeforeItIsKilled(String overlay) throws IOException {
    long stopLimit = workerConfiguration(overlay).delivery().stopLimit().toSeconds();
    long grace = pod(worker(resources(overlay))).path("terminationGracePeriodSeconds").asLong();
    assertTrue(grace >= stopLimit + 10, grace + " s for a drain of " + stopLimit + " s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void probesAskTheWorkersHealth(String overlay) {
    JsonNode container = container(worker(resources(overlay)));
    Map<String, String> probes =
        Map.of(
            "startupProbe", "/health/started",
            "livenessProbe", "/health/live",
            "readinessProbe", "/health/ready");
    probes.forEach(
        (probe, path) -> {
          JsonNode get = container.path(probe).path("httpGet");
          assertEquals(path, get.path("path").asText());
          assertTrue(portNames(worker(resources(overlay))).contains(get.path("port").asText()));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void everySelectorAndNamedPortIsThatOfAPod(String overlay) {
    List<ObjectNode> resources = resources(overlay);
    Map<String, Set<String>> ports = new TreeMap<>();
    for (JsonNode owner : owners(resources)) {
      JsonNode labels = owner.path("spec").path("template").path("metadata").path("labels");
      ports.put(labels.toString(), portNames(owner));
    }
    for (JsonNode resource : resources) {
      JsonNode spec = resource.path("spec");
      List<String> named = new ArrayList<>();
      String labels =
          switch (resource.path("kind").asText()) {
            case "PodMonitor" -> {
              spec.path("podMetricsEndpoints").forEach(e -> named.add(e.path("port").asText()));
              yield spec.path("selector").path("matchLabels").toString();
            }
            case "Service" -> {
              spec.path("ports").forEach(port -> named.add(port.path("targetPort").asText()));
              yield spec.path("selector").toString();
            }
            case "NetworkPolicy" -> {
              spec.path("ingress")
                  .forEach(i -> i.path("ports").forEach(p -> named.add(p.path("port").asText())));
              yield spec.path("podSelector").path("matchLabels").toString();
            }
            case "PodDisruptionBudget", "Deployment" ->
                spec.path("selector").path("matchLabels").toString();
            default -> "";
          };
      // the overlay without a trainer keeps its policy and its monitor, which then select nothing
      if (!labels.isEmpty() && !(overlay.equals("s3") && labels.contains("sedd-trainer"))) {
        assertTrue(ports.containsKey(labels), () -> resource.path("kind") + " selects " + labels);
        assertTrue(ports.get(labels).containsAll(named), named::toString);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "s3"})
  void scalingNamesTheWorkersGroupItsTopicItsBrokerAndItsMetrics(String overlay)
      throws IOException {
    WorkerConfiguration configuration = workerConfiguration(overlay);
    JsonNode scaling = ofKind(resources(overlay), "ScaledObject").getFirst().path("spec");
    assertEquals("sedd-worker", scaling.path("scaleTargetRef").path("name").asText());
    JsonNode lag = scaling.path("triggers").get(0).path("metadata");
    assertEquals(configuration.group(), lag.path("consumerGroup").asText());
    assertEquals(configuration.topics().jobs(), lag.path("topic").asText());
    assertEquals(
        configuration.kafka().get("bootstrap.servers"), lag.path("bootstrapServers").asText());
    JsonNode backlog = scaling.path("triggers").get(1).path("metadata");
    assertEquals(
        Set.of("sedd_backlog_token_steps"),
        ExportedMetrics.namedIn(backlog.path("query").asText()));
    assertEquals(Set.of(), ExportedMetrics.unknownIn(scaling.toString()));
    for (JsonNode trigger : scaling.path("triggers")) {
      Set<String> keys = new TreeSet<>();
      trigger.path("metadata").fieldNames().forEachRemaining(keys::add);
      keys.removeAll(
          trigger.path("type").asText().equals("kafka")
              ? Set.of(
                  "bootstrapServers", "consumerGroup", "topic", "lagThreshold", "offsetResetPolicy")
              : Set.of("serverAddress", "query", "threshold", "activationThreshold"));
      assertEquals(Set.of(), keys);
    }
    String topics = Shipped.text(Shipped.DEPLOY.resolve("compose").resolve("topics.sh"));
    assertTrue(
        topics.contains("topic sedd.jobs " + scaling.path("maxReplicaCount").asInt() + " "),
        "more workers than partitions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu"})
  void aGpuIsAskedFor(String overlay) {
    for (JsonNode owner : owners(resources(overlay))) {
      JsonNode limits = container(owner).path("resources").path("limits");
      assertEquals(1, limits.path("nvidia.com/gpu").asInt());
      assertTrue(container(owner).path("image").asText().endsWith("-cuda"));
    }
  }
}
