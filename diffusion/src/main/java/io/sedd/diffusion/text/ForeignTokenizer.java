package io.sedd.diffusion.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Any {@code tokenizer.json}, run by a {@link TokenizerEngine}: word pieces, unigrams, byte-level
 * BPE of other kinds than {@link BytePairTokenizer}'s. Special tokens are never found in a text, so
 * that it cannot forge an end of text. Whether decoding gives a text back is the file's matter: one
 * that lower-cases does not.
 */
public final class ForeignTokenizer implements Tokenizer {

  /** Special tokens that end a text, by their usual names; the first in the file counts. */
  private static final List<String> ENDS =
      List.of(END_OF_TEXT, "</s>", "<|end_of_text|>", "<eos>", "[SEP]");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TokenizerEngine.Loaded engine;
  private final int size;
  private final OptionalInt endOfText;

  private ForeignTokenizer(TokenizerEngine.Loaded engine, int size, OptionalInt endOfText) {
    this.engine = engine;
    this.size = size;
    this.endOfText = endOfText;
  }

  /**
   * Reads a file.
   *
   * @param refusal why the project's own reader does not take it
   * @throws TokenizerFormatException if there is no engine
   * @throws IOException if it cannot run the file
   */
  public static ForeignTokenizer read(Path file, TokenizerFormatException refusal)
      throws IOException {
    TokenizerEngine engine =
        TokenizerEngine.find()
            .orElseThrow(
                () ->
                    refusal.withHint(
                        "files of other kinds take sedd-tokenizers-djl on the class path"));
    try {
      return of(Files.readString(file), engine);
    } catch (IOException | IllegalArgumentException e) {
      e.addSuppressed(refusal);
      throw new IOException(file + ": cannot be used as a tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * A tokenizer of a file's content.
   *
   * @throws IllegalArgumentException if it is no JSON with a vocabulary
   */
  static ForeignTokenizer of(String json, TokenizerEngine engine) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode vocabulary = root.path("model").path("vocab");
    if (!vocabulary.isObject() && !vocabulary.isArray()) {
      throw new IllegalArgumentException("it has no vocabulary in $.model.vocab");
    }
    Map<String, Integer> special = new HashMap<>();
    int largest = vocabulary.isArray() ? vocabulary.size() - 1 : largest(vocabulary);
    for (JsonNode added : root.path("added_tokens")) {
      int id = added.path("id").asInt(-1);
      largest = Math.max(largest, id);
      if (added.path("special").asBoolean()) {
        special.put(added.path("content").asText(), id);
      }
    }
    OptionalInt end = ENDS.stream().filter(special::containsKey).mapToInt(special::get).findFirst();
    return new ForeignTokenizer(engine.load(withoutSpecial((ObjectNode) root)), largest + 1, end);
  }

  private static int largest(JsonNode vocabulary) {
    int largest = -1;
    for (JsonNode id : vocabulary) {
      largest = Math.max(largest, id.asInt(-1));
    }
    return largest;
  }

  /** Without what would find special tokens in a text, add them to it, or cut it. */
  private static String withoutSpecial(ObjectNode root) throws IOException {
    ArrayNode kept = JSON.createArrayNode();
    for (JsonNode added : root.path("added_tokens")) {
      if (!added.path("special").asBoolean()) {
        kept.add(added);
      }
    }
    root.set("added_tokens", kept);
    root.putNull("post_processor");
    root.putNull("truncation");
    root.putNull("padding");
    return JSON.writeValueAsString(root);
  }

  @Override
  public int[] encode(String text) {
    Utf8.requireEncodable(text);
    return text.isEmpty() ? new int[0] : engine.encode(text);
  }

  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= size) {
        throw new IllegalArgumentException(
            "token " + tokens[i] + " is outside the vocabulary of " + size);
      }
      if (endOfText.isPresent() && tokens[i] == endOfText.getAsInt()) {
        text.append(decoded(tokens, from, i)).append(END_OF_TEXT);
        from = i + 1;
      }
    }
    return text.append(decoded(tokens, from, tokens.length)).toString();
  }

  private String decoded(int[] tokens, int from, int to) {
    return from == to ? "" : engine.decode(Arrays.copyOfRange(tokens, from, to));
  }

  @Override
  public int vocabularySize() {
    return size;
  }

  @Override
  public OptionalInt endOfText() {
    return endOfText;
  }
}
