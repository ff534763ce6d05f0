package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.trainer.corpus.BpeTrainer;
import io.sedd.trainer.corpus.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small GPT-2 whose logits were computed by numpy; the script lies beside the numbers. */
class Gpt2FolderTest {

  private static final int EVERY = 16;

  @TempDir Path folder;
  private JsonNode expected;

  @BeforeEach
  void copyFolder() throws IOException {
    for (String name : List.of("config.json", "model.safetensors", "expected.json")) {
      try (InputStream in = Gpt2FolderTest.class.getResourceAsStream("/gpt2/" + name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
    expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    // bytes and an end of text, as 257 tokens are
    Vocabulary.of(BpeTrainer.train(Stream.of("text"), 257)).writeTo(folder);
  }

  private int[] tokens() {
    return IntStream.range(0, expected.get("tokens").size())
        .map(i -> expected.get("tokens").get(i).intValue())
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "nd4j"})
  void logitsAreThoseOfAnIndependentImplementation(String backendName) throws IOException {
    try (Backend backend = Backends.open(Optional.of(backendName), BackendOptions.defaults());
        LanguageModel model = LanguageModel.open(folder, backend);
        Workspace workspace = backend.workspace()) {
      int[] tokens = tokens();
      NetworkInput input =
          NetworkInput.ofAll(RowLayout.ofLengths(tokens.length), tokens, new double[1]);
      float[] logits = backend.read(model.network().logits(input, workspace));
      for (int p = 0; p < tokens.length; p++) {
        JsonNode row = expected.get("logits").get(p);
        for (int i = 0; i < row.size(); i++) {
          assertEquals(
              row.get(i).doubleValue(), logits[p * 257 + i * EVERY], 2e-5, p + ", " + i * EVERY);
        }
      }
    }
  }

  /** The likelihood of a text follows from the logits: logSumExp - logit of the token after. */
  @Test
  void likelihoodsAreOfTheTokensAfterTheBeginning() throws IOException {
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults());
        LanguageModel model = LanguageModel.open(folder, backend)) {
      int[] all = tokens();
      assertEquals(all[0], model.begin());
      int[] text = IntStream.of(all).skip(1).toArray();
      double[] nats =
          model.likelihood(4, backend).nats(model.network(), List.of(text, text)).get(1);
      assertEquals(text.length, nats.length);
      for (int p = 0; p < text.length; p++) {
        if (text[p] % EVERY == 0) {
          double logit = expected.get("logits").get(p).get(text[p] / EVERY).doubleValue();
          assertEquals(
              expected.get("logSumExp").get(p).doubleValue() - logit, nats[p], 2e-5, "token " + p);
        }
        assertTrue(nats[p] > 0);
      }
    }
  }

  @Test
  void anotherActivationIsRefused() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("gelu_new", "relu"));
    try (Backend backend = Backends.open(Optional.of("reference"), BackendOptions.defaults())) {
      Throwable refused =
          assertThrows(CheckpointException.class, () -> LanguageModel.open(folder, backend));
      assertTrue(refused.getMessage().contains("activation relu"), refused.getMessage());
    }
  }
}
