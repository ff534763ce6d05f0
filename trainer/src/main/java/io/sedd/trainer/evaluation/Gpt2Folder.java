package io.sedd.trainer.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.Architecture;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.Safetensors;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of GPT-2 in the layout of Hugging Face: {@code config.json} with {@code "model_type":
 * "gpt2"} and {@code model.safetensors}. Its vocabulary is GPT-2's, or that of a {@code
 * tokenizer.json} beside them where it has another size.
 */
final class Gpt2Folder {

  private static final double EPSILON = 1e-5;

  private Gpt2Folder() {}

  static boolean is(Path folder) throws IOException {
    Path config = folder.resolve("config.json");
    return Files.exists(config)
        && new ObjectMapper()
            .readTree(Files.readString(config))
            .path("model_type")
            .asText()
            .equals("gpt2");
  }

  static LanguageModel open(Path folder, Backend backend) throws IOException {
    JsonNode config = new ObjectMapper().readTree(Files.readString(folder.resolve("config.json")));
    NetworkShape shape = shape(folder, config);
    Vocabulary vocabulary = vocabulary(folder, shape.states());
    int begin =
        vocabulary
            .tokenizer()
            .endOfText()
            .orElseThrow(
                () ->
                    new CheckpointException(
                        folder + ": its tokenizer has no <|endoftext|>, which begins a sequence"));
    try (Safetensors file = Safetensors.open(folder.resolve("model.safetensors"))) {
      Parameters weights = new Gpt2Weights(file, shape, backend).read();
      weights.freeze(backend);
      return new LanguageModel(
          folder.getFileName().toString(),
          new ScoreNetwork(shape, weights, backend),
          vocabulary,
          begin);
    }
  }

  private static Vocabulary vocabulary(Path folder, int tokens) throws IOException {
    Vocabulary vocabulary =
        Files.exists(folder.resolve(Vocabulary.FILE)) && tokens != Vocabulary.gpt2().size()
            ? Vocabulary.read(folder.resolve(Vocabulary.FILE))
            : Vocabulary.gpt2();
    if (vocabulary.size() != tokens) {
      throw new CheckpointException(
          "%s: has %d tokens and no tokenizer.json of that size beside it"
              .formatted(folder, tokens));
    }
    return vocabulary;
  }

  private static NetworkShape shape(Path folder, JsonNode config) {
    String activation = config.path("activation_function").asText("gelu_new");
    double epsilon = config.path("layer_norm_epsilon").asDouble(EPSILON);
    if (!activation.equals("gelu_new") || epsilon != EPSILON) {
      throw new CheckpointException(
          "%s: activation %s and epsilon %s; only GPT-2's own gelu_new and 1e-5 are known"
              .formatted(folder, activation, epsilon));
    }
    if (!config.path("scale_attn_weights").asBoolean(true)
        || config.path("scale_attn_by_inverse_layer_idx").asBoolean(false)) {
      throw new CheckpointException(
          folder + ": its attention is scaled in another way than GPT-2's, which is not known");
    }
    return new NetworkShape(
        whole(folder, config, "vocab_size"),
        whole(folder, config, "n_embd"),
        1,
        whole(folder, config, "n_positions"),
        whole(folder, config, "n_layer"),
        whole(folder, config, "n_head"),
        false,
        Architecture.GPT2);
  }

  private static int whole(Path folder, JsonNode config, String key) {
    JsonNode value = config.path(key);
    if (!value.canConvertToInt() || value.intValue() < 1) {
      throw new CheckpointException(
          folder + ": $." + key + " of config.json must be a whole number above 0");
    }
    return value.intValue();
  }
}
