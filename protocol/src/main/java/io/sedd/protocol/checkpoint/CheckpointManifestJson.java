package io.sedd.protocol.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code manifest.json}, read strictly: an unknown field is an error. */
public final class CheckpointManifestJson {

  private CheckpointManifestJson() {}

  /**
   * Reads a {@code manifest.json}.
   *
   * @throws CheckpointException naming file and JSON path of what is missing, unknown or wrong
   */
  public static CheckpointManifest read(Path file) throws IOException {
    return decode(JsonFields.of(file));
  }

  /**
   * Writes a new {@code manifest.json}.
   *
   * @throws CheckpointException if {@link #read} would refuse it: a figure that is not finite, a
   *     path that leaves the folder
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static void write(CheckpointManifest manifest, Path file) throws IOException {
    byte[] json =
        (JsonFields.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(encode(manifest))
                + "\n")
            .getBytes(StandardCharsets.UTF_8);
    decode(JsonFields.of(file, json));
    Files.write(file, json, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static CheckpointManifest decode(JsonFields json) {
    json.allow("step", "time", "files", "evaluation", "canary");
    JsonFields evaluation = json.object("evaluation");
    Map<String, Double> figures = new HashMap<>();
    for (String name : evaluation.keys()) {
      figures.put(name, evaluation.number(name));
    }
    return new CheckpointManifest(
        json.longInteger("step", 0, Long.MAX_VALUE),
        time(json),
        files(json.object("files")),
        figures,
        json.has("canary") ? Optional.of(canary(json.object("canary"))) : Optional.empty());
  }

  private static Instant time(JsonFields json) {
    try {
      return Instant.parse(json.text("time"));
    } catch (DateTimeParseException _) {
      throw json.wrong("time", "must be a moment in UTC such as 2026-11-24T12:00:00Z");
    }
  }

  private static Map<String, FileDigest> files(JsonFields json) {
    Map<String, FileDigest> files = new HashMap<>();
    for (String path : json.keys()) {
      if (!CheckpointNames.isRelativePath(path)) {
        throw json.wrong(path, "is no path below the checkpoint's folder");
      }
      JsonFields digest = json.object(path);
      digest.allow("size", "sha256");
      String sha256 = digest.text("sha256");
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw digest.wrong("sha256", "must be 64 lower-case hexadecimal digits");
      }
      files.put(path, new FileDigest(digest.longInteger("size", 0, Long.MAX_VALUE), sha256));
    }
    return files;
  }

  private static Canary canary(JsonFields json) {
    json.allow("tolerance", "rows");
    double tolerance = json.number("tolerance");
    if (!(tolerance > 0)) {
      throw json.wrong("tolerance", "is " + tolerance + "; it must be above 0");
    }
    return new Canary(
        tolerance, json.objects("rows").stream().map(CheckpointManifestJson::row).toList());
  }

  private static Canary.Row row(JsonFields json) {
    json.allow("tokens", "sigma", "expected");
    List<Integer> tokens = json.integers("tokens", 0, Integer.MAX_VALUE);
    double sigma = json.number("sigma");
    if (!(sigma > 0)) {
      throw json.wrong("sigma", "is " + sigma + "; it must be above 0");
    }
    List<Canary.LogScore> expected = new ArrayList<>();
    for (JsonFields score : json.objects("expected")) {
      score.allow("position", "state", "logScore");
      expected.add(
          new Canary.LogScore(
              score.integer("position", 0, tokens.size() - 1),
              score.integer("state", 0, Integer.MAX_VALUE),
              score.number("logScore")));
    }
    return new Canary.Row(tokens, sigma, expected);
  }

  private static ObjectNode encode(CheckpointManifest manifest) {
    ObjectNode json = JsonFields.MAPPER.createObjectNode();
    json.put("step", manifest.step());
    json.put("time", manifest.time().toString());
    ObjectNode files = json.putObject("files");
    // sorted: equal manifests are equal bytes
    new TreeMap<>(manifest.files())
        .forEach(
            (path, digest) ->
                files.putObject(path).put("size", digest.bytes()).put("sha256", digest.sha256()));
    ObjectNode evaluation = json.putObject("evaluation");
    new TreeMap<>(manifest.evaluation()).forEach(evaluation::put);
    manifest.canary().ifPresent(canary -> encode(canary, json.putObject("canary")));
    return json;
  }

  private static void encode(Canary canary, ObjectNode json) {
    json.put("tolerance", canary.tolerance());
    ArrayNode rows = json.putArray("rows");
    for (Canary.Row row : canary.rows()) {
      ObjectNode object = rows.addObject();
      ArrayNode tokens = object.putArray("tokens");
      row.tokens().forEach(tokens::add);
      object.put("sigma", row.sigma());
      ArrayNode expected = object.putArray("expected");
      for (Canary.LogScore score : row.expected()) {
        expected
            .addObject()
            .put("position", score.position())
            .put("state", score.state())
            .put("logScore", score.logScore());
      }
    }
  }
}
