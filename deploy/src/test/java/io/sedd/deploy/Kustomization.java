package io.sedd.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Builds what {@code kubectl kustomize} would, of the few fields that are used here; any other one
 * is an error. Names of generated maps stay as they are, without a hash of their content.
 */
final class Kustomization {

  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "configMapGenerator",
          "images",
          "patches");

  private final List<ObjectNode> resources = new ArrayList<>();

  /** Texts of generated ConfigMaps: file name to content, by name of the map. */
  private final Map<String, Map<String, String>> generated = new TreeMap<>();

  private Kustomization(Path folder) {
    JsonNode description = Shipped.yaml(folder.resolve("kustomization.yaml"));
    Set<String> unknown = new TreeSet<>();
    description.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new AssertionError(folder + ": this reader does not know " + unknown);
    }
    description.path("resources").forEach(resource -> take(folder.resolve(resource.asText())));
    description.path("configMapGenerator").forEach(generator -> generate(folder, generator));
    description.path("patches").forEach(patch -> patch(folder.resolve(path(patch))));
    description.path("images").forEach(this::image);
    if (description.has("namespace")) {
      resources.stream()
          .filter(resource -> !resource.path("kind").asText().equals("Namespace"))
          .forEach(
              resource ->
                  ((ObjectNode) resource.path("metadata"))
                      .put("namespace", description.path("namespace").asText()));
    }
  }

  static Kustomization of(Path folder) {
    return new Kustomization(folder.normalize());
  }

  List<ObjectNode> resources() {
    return resources;
  }

  Map<String, Map<String, String>> generated() {
    return generated;
  }

  private static String path(JsonNode patch) {
    if (patch.size() != 1 || !patch.has("path")) {
      throw new AssertionError("a patch is one path here, not " + patch);
    }
    return patch.path("path").asText();
  }

  private void take(Path resource) {
    if (resource.toFile().isDirectory()) {
      Kustomization below = of(resource);
      resources.addAll(below.resources);
      generated.putAll(below.generated);
    } else {
      Shipped.documents(resource).forEach(document -> resources.add((ObjectNode) document));
    }
  }

  private void generate(Path folder, JsonNode generator) {
    Map<String, String> files = new TreeMap<>();
    for (JsonNode file : generator.path("files")) {
      Path from = folder.resolve(file.asText());
      files.put(from.getFileName().toString(), Shipped.text(from));
    }
    generated.put(generator.path("name").asText(), files);
  }

  private void patch(Path file) {
    JsonNode patch = Shipped.yaml(file);
    List<ObjectNode> targets =
        resources.stream().filter(resource -> identity(resource).equals(identity(patch))).toList();
    if (targets.size() != 1) {
      throw new AssertionError(file + " patches " + targets.size() + " resources");
    }
    if (patch.path("$patch").asText().equals("delete")) {
      resources.remove(targets.getFirst());
    } else {
      StrategicMerge.into(targets.getFirst(), (ObjectNode) patch);
    }
  }

  private static List<String> identity(JsonNode resource) {
    return List.of(
        resource.path("apiVersion").asText(),
        resource.path("kind").asText(),
        resource.path("metadata").path("name").asText());
  }

  private void image(JsonNode change) {
    for (ObjectNode resource : resources) {
      for (JsonNode container :
          resource.path("spec").path("template").path("spec").path("containers")) {
        String[] image = container.path("image").asText().split(":", 2);
        if (image[0].equals(change.path("name").asText())) {
          ((ObjectNode) container)
              .put(
                  "image",
                  change.path("newName").asText(image[0])
                      + ":"
                      + change.path("newTag").asText(image.length > 1 ? image[1] : "latest"));
        }
      }
    }
  }

  /** Maps are merged; lists of things with a name too, by that name; other lists are replaced. */
  private static final class StrategicMerge {

    private static final Map<String, String> KEYS =
        Map.of("containers", "name", "env", "name", "volumes", "name", "volumeMounts", "mountPath");

    static void into(ObjectNode target, ObjectNode patch) {
      patch
          .properties()
          .forEach(
              entry -> {
                JsonNode present = target.get(entry.getKey());
                String key = KEYS.get(entry.getKey());
                if (present instanceof ObjectNode inner
                    && entry.getValue() instanceof ObjectNode change) {
                  into(inner, change);
                } else if (present instanceof ArrayNode list && key != null) {
                  entry.getValue().forEach(item -> into(list, key, (ObjectNode) item));
                } else {
                  target.set(entry.getKey(), entry.getValue().deepCopy());
                }
              });
    }

    private static void into(ArrayNode list, String key, ObjectNode item) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i).path(key).equals(item.path(key))) {
          if (item.path("$patch").asText().equals("delete")) {
            list.remove(i);
          } else {
            into((ObjectNode) list.get(i), item);
          }
          return;
        }
      }
      list.add(item.deepCopy());
    }
  }
}
