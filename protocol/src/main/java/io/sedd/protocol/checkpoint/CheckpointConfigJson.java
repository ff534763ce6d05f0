package io.sedd.protocol.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sedd.protocol.checkpoint.CheckpointConfig.GraphType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Model;
import io.sedd.protocol.checkpoint.CheckpointConfig.Noise;
import io.sedd.protocol.checkpoint.CheckpointConfig.NoiseType;
import io.sedd.protocol.checkpoint.CheckpointConfig.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * {@code config.json} in the layout of the official SEDD models, plus {@code tokenizer} and, where
 * it is another than score entropy, {@code objective}. Keys that say nothing about the network
 * (training, data, sampling, eval, optim, ngpus and the like) are accepted and left alone.
 */
public final class CheckpointConfigJson {

  /** The vocabulary of GPT-2; the official models have it and name no tokenizer. */
  private static final int GPT2_TOKENS = 50_257;

  /** Noise bounds of the official configuration; the log-linear schedule does not use them. */
  private static final double USUAL_SIGMA_MIN = 1e-4;

  private static final double USUAL_SIGMA_MAX = 20;

  private CheckpointConfigJson() {}

  /**
   * Reads a {@code config.json}.
   *
   * @throws CheckpointException naming file and JSON path of what is missing or wrong
   */
  public static CheckpointConfig read(Path file) throws IOException {
    return decode(JsonFields.of(file));
  }

  /**
   * Reads the same keys from YAML: the {@code .hydra/config.yaml} of an official run.
   *
   * @throws CheckpointException naming file and path of what is missing or wrong
   */
  public static CheckpointConfig readYaml(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          file + ": is missing; a run folder has it beside its checkpoints");
    }
    try {
      JsonNode tree = new YAMLMapper().readTree(Files.readAllBytes(file));
      return decode(JsonFields.of(file, JsonFields.MAPPER.writeValueAsBytes(tree)));
    } catch (JacksonException e) {
      throw new CheckpointException(file + ": is not valid YAML: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Writes a new {@code config.json} that the official code reads too.
   *
   * @throws CheckpointException if {@link #read} would refuse it
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static void write(CheckpointConfig config, Path file) throws IOException {
    byte[] json =
        (JsonFields.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(encode(config))
                + "\n")
            .getBytes(StandardCharsets.UTF_8);
    decode(JsonFields.of(file, json));
    Files.write(file, json, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static CheckpointConfig decode(JsonFields json) {
    JsonFields graph = json.object("graph");
    GraphType graphType =
        switch (graph.text("type")) {
          case "absorb" -> GraphType.ABSORB;
          case "uniform" -> GraphType.UNIFORM;
          case String other ->
              throw graph.wrong("type", "is '" + other + "'; it must be absorb or uniform");
        };
    int tokens =
        json.integer("tokens", graphType == GraphType.ABSORB ? 1 : 2, Integer.MAX_VALUE - 1);
    return new CheckpointConfig(
        tokens,
        graphType,
        noise(json.object("noise")),
        model(json.object("model")),
        objective(json, graphType),
        tokenizer(json, tokens));
  }

  private static Objective objective(JsonFields json, GraphType graph) {
    if (!json.has("objective")) {
      return Objective.SCORE_ENTROPY;
    }
    String key = json.text("objective");
    Objective objective =
        Arrays.stream(Objective.values())
            .filter(known -> known.key().equals(key))
            .findFirst()
            .orElseThrow(
                () ->
                    json.wrong(
                        "objective",
                        "is '%s'; it must be one of %s"
                            .formatted(
                                key,
                                Arrays.stream(Objective.values())
                                    .map(Objective::key)
                                    .collect(Collectors.joining(", ")))));
    if (objective == Objective.AUTOREGRESSIVE && graph != GraphType.ABSORB) {
      throw json.wrong(
          "objective",
          "is autoregressive; its graph must be absorb, whose mask is what a sequence begins with");
    }
    return objective;
  }

  private static Noise noise(JsonFields json) {
    NoiseType type =
        switch (json.text("type")) {
          case "loglinear" -> NoiseType.LOGLINEAR;
          case "geometric" -> NoiseType.GEOMETRIC;
          case String other ->
              throw json.wrong("type", "is '" + other + "'; it must be loglinear or geometric");
        };
    boolean unused = type == NoiseType.LOGLINEAR;
    double min = unused && !json.has("sigma_min") ? USUAL_SIGMA_MIN : json.number("sigma_min");
    double max = unused && !json.has("sigma_max") ? USUAL_SIGMA_MAX : json.number("sigma_max");
    if (!unused && !(min > 0 && min < max)) {
      throw json.wrong(
          "sigma_min",
          "is " + min + " with sigma_max " + max + "; needed is 0 < sigma_min < sigma_max");
    }
    return new Noise(type, min, max);
  }

  private static Model model(JsonFields json) {
    if (json.has("type") && !json.text("type").equals("ddit")) {
      throw json.wrong("type", "is '" + json.text("type") + "'; the one known network is ddit");
    }
    int hidden = json.integer("hidden_size", 1, Integer.MAX_VALUE);
    int heads = json.integer("n_heads", 1, hidden);
    if (hidden % (2L * heads) != 0) {
      throw json.wrong(
          "n_heads",
          "is %d with hidden_size %d; a head needs a whole, even share for its rotary encoding"
              .formatted(heads, hidden));
    }
    double dropout = json.number("dropout");
    if (!(dropout >= 0 && dropout < 1)) {
      throw json.wrong("dropout", "is " + dropout + "; it must be at least 0 and below 1");
    }
    return new Model(
        hidden,
        json.integer("cond_dim", 1, Integer.MAX_VALUE),
        json.integer("length", 1, Integer.MAX_VALUE),
        json.integer("n_blocks", 1, Integer.MAX_VALUE),
        heads,
        json.bool("scale_by_sigma"),
        dropout);
  }

  private static String tokenizer(JsonFields json, int tokens) {
    if (!json.has("tokenizer")) {
      return tokens == GPT2_TOKENS ? "gpt2" : CheckpointConfig.NO_TOKENIZER;
    }
    String name = json.text("tokenizer");
    if (!CheckpointNames.isBare(name)) {
      throw json.wrong(
          "tokenizer",
          "is '" + name + "'; it must be gpt2, bytes or the name of a file beside the config");
    }
    return name;
  }

  private static ObjectNode encode(CheckpointConfig config) {
    ObjectNode json = JsonFields.MAPPER.createObjectNode();
    json.put("tokens", config.tokens());
    if (!config.tokenizer().equals(CheckpointConfig.NO_TOKENIZER)) {
      json.put("tokenizer", config.tokenizer());
    }
    if (config.objective() != Objective.SCORE_ENTROPY) {
      json.put("objective", config.objective().key());
    }
    json.putObject("graph")
        .put(
            "type",
            switch (config.graph()) {
              case ABSORB -> "absorb";
              case UNIFORM -> "uniform";
            });
    json.putObject("noise")
        .put(
            "type",
            switch (config.noise().type()) {
              case LOGLINEAR -> "loglinear";
              case GEOMETRIC -> "geometric";
            })
        .put("sigma_min", config.noise().sigmaMin())
        .put("sigma_max", config.noise().sigmaMax());
    Model model = config.model();
    json.putObject("model")
        .put("name", "ddit")
        .put("type", "ddit")
        .put("hidden_size", model.hiddenSize())
        .put("cond_dim", model.condDim())
        .put("length", model.length())
        .put("n_blocks", model.blocks())
        .put("n_heads", model.heads())
        .put("scale_by_sigma", model.scaleBySigma())
        .put("dropout", model.dropout());
    return json;
  }
}
