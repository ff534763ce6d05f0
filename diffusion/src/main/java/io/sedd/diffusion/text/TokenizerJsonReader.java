package io.sedd.diffusion.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.text.BytePairVocabulary.Merge;
import io.sedd.protocol.json.ForeignJson;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads a Hugging Face {@code tokenizer.json} that holds a byte-level BPE in the manner of GPT-2.
 * Whatever in the file would give other tokens than {@link BytePairTokenizer} does is refused,
 * never passed over.
 */
public final class TokenizerJsonReader {

  private static final Set<String> ROOT_KEYS =
      Set.of(
          "version",
          "truncation",
          "padding",
          "added_tokens",
          "normalizer",
          "pre_tokenizer",
          "post_processor",
          "decoder",
          "model");
  private static final Set<String> MODEL_KEYS =
      Set.of(
          "type",
          "dropout",
          "unk_token",
          "continuing_subword_prefix",
          "end_of_word_suffix",
          "fuse_unk",
          "byte_fallback",
          "ignore_merges",
          "vocab",
          "merges");
  private static final List<String> FOREIGN_FEATURES =
      List.of(
          "$.truncation",
          "$.padding",
          "$.normalizer",
          "$.model.dropout",
          "$.model.unk_token",
          "$.model.continuing_subword_prefix",
          "$.model.end_of_word_suffix",
          "$.model.fuse_unk",
          "$.model.byte_fallback",
          "$.model.ignore_merges");

  /** Some 10 MB hold 250,000 tokens with their merges. */
  private static final int LARGEST_FILE = 64 << 20;

  private static final ObjectMapper JSON = ForeignJson.mapper();

  private final JsonFields fields;

  private TokenizerJsonReader(JsonFields fields) {
    this.fields = fields;
  }

  /**
   * Reads a file.
   *
   * @throws TokenizerFormatException if it is no such file or has a foreign feature, with the JSON
   *     path
   * @throws IOException if it cannot be read at all
   */
  public static BytePairVocabulary read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    }
    if (bytes.length > LARGEST_FILE) {
      throw new TokenizerFormatException(
          file, "$", "is over %,d bytes; it is no tokenizer".formatted(LARGEST_FILE));
    }
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (JacksonException | CharConversionException e) {
      var failure = new TokenizerFormatException(file, "$", "is no JSON: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
    return new TokenizerJsonReader(new JsonFields(file, root)).vocabulary();
  }

  private BytePairVocabulary vocabulary() throws TokenizerFormatException {
    fields.requireKnownKeys("$", ROOT_KEYS);
    fields.requireKnownKeys("$.model", MODEL_KEYS);
    for (String feature : FOREIGN_FEATURES) {
      fields.requireOff(feature);
    }
    requireByteLevel();

    Map<String, Integer> ids = new HashMap<>();
    OptionalInt endOfText = readEndOfText(ids);
    readVocabulary(ids);
    List<String> symbols = symbolsById(ids);
    List<Merge> merges = readMerges(ids);
    try {
      return new BytePairVocabulary(symbols, merges, endOfText);
    } catch (IllegalArgumentException e) {
      throw fields.wrong("$.model.vocab", e.getMessage());
    }
  }

  private void requireByteLevel() throws TokenizerFormatException {
    // the file of GPT-2 itself names no model type
    fields.requireText("$.model.type", "BPE", !fields.at("$.model").has("type"));
    fields.requireText("$.pre_tokenizer.type", "ByteLevel", false);
    fields.requireText("$.decoder.type", "ByteLevel", false);
    fields.requireText(
        "$.post_processor.type", "ByteLevel", JsonFields.isNull(fields.at("$.post_processor")));
    JsonNode prefixSpace = fields.at("$.pre_tokenizer.add_prefix_space");
    if (!prefixSpace.isBoolean() || prefixSpace.booleanValue()) {
      throw fields.wrong(
          "$.pre_tokenizer.add_prefix_space", "must be false, is " + JsonFields.shown(prefixSpace));
    }
    JsonNode regex = fields.at("$.pre_tokenizer.use_regex");
    if (!regex.isMissingNode() && !regex.asBoolean(false)) {
      throw fields.wrong(
          "$.pre_tokenizer.use_regex", "must be true or absent, is " + JsonFields.shown(regex));
    }
  }

  private OptionalInt readEndOfText(Map<String, Integer> ids) throws TokenizerFormatException {
    JsonNode added = fields.at("$.added_tokens");
    if (JsonFields.isNull(added)) {
      return OptionalInt.empty();
    }
    if (!added.isArray()) {
      throw fields.wrong("$.added_tokens", "must be an array, is " + JsonFields.shown(added));
    }
    for (int i = 0; i < added.size(); i++) {
      String path = "$.added_tokens[" + i + "]";
      String content = added.get(i).path("content").asText("");
      if (!content.equals(Tokenizer.END_OF_TEXT)) {
        throw fields.wrong(
            path + ".content",
            "the only added token can be " + Tokenizer.END_OF_TEXT + ", this is " + content);
      }
      int id = fields.readId(path + ".id", added.get(i).path("id"));
      if (ids.putIfAbsent(content, id) != null) {
        throw fields.wrong(path + ".content", content + " is there twice");
      }
    }
    return ids.containsKey(Tokenizer.END_OF_TEXT)
        ? OptionalInt.of(ids.get(Tokenizer.END_OF_TEXT))
        : OptionalInt.empty();
  }

  private void readVocabulary(Map<String, Integer> ids) throws TokenizerFormatException {
    JsonNode vocabulary = fields.at("$.model.vocab");
    if (!vocabulary.isObject()) {
      throw fields.wrong(
          "$.model.vocab", "must be an object of ids, is " + JsonFields.shown(vocabulary));
    }
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      String symbols = entry.getKey();
      String path = "$.model.vocab[\"" + symbols + "\"]";
      int id = fields.readId(path, entry.getValue());
      Integer added = ids.putIfAbsent(symbols, id);
      if (added != null && added != id) {
        throw fields.wrong(path, "has id " + id + " here and " + added + " in $.added_tokens");
      }
      if (added == null && (symbols.isEmpty() || !ByteSymbols.areSymbols(symbols))) {
        throw fields.wrong(path, "is not written in GPT-2's byte symbols");
      }
    }
  }

  private List<String> symbolsById(Map<String, Integer> ids) throws TokenizerFormatException {
    String[] symbols = new String[ids.size()];
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      int id = entry.getValue();
      String path = "$.model.vocab[\"" + entry.getKey() + "\"]";
      if (id >= symbols.length) {
        throw fields.wrong(
            path, "id " + id + " leaves a gap: " + symbols.length + " tokens have ids from 0");
      }
      if (symbols[id] != null) {
        throw fields.wrong(path, "id " + id + " is also that of \"" + symbols[id] + "\"");
      }
      symbols[id] = entry.getKey();
    }
    return List.of(symbols);
  }

  private List<Merge> readMerges(Map<String, Integer> ids) throws TokenizerFormatException {
    JsonNode nodes = fields.at("$.model.merges");
    if (!nodes.isArray()) {
      throw fields.wrong("$.model.merges", "must be an array, is " + JsonFields.shown(nodes));
    }
    List<Merge> merges = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      String path = "$.model.merges[" + i + "]";
      String[] pair = readPair(path, nodes.get(i));
      merges.add(
          new Merge(
              requireId(ids, path, pair[0]),
              requireId(ids, path, pair[1]),
              requireId(ids, path, pair[0] + pair[1])));
    }
    return merges;
  }

  /** Either {@code "a b"}, as up to tokenizers 0.19, or {@code ["a", "b"]}, as from 0.20. */
  private String[] readPair(String path, JsonNode node) throws TokenizerFormatException {
    if (node.isTextual()) {
      String[] parts = node.textValue().split(" ", -1);
      if (parts.length == 2) {
        return parts;
      }
    }
    if (node.isArray() && node.size() == 2 && node.get(0).isTextual() && node.get(1).isTextual()) {
      return new String[] {node.get(0).textValue(), node.get(1).textValue()};
    }
    throw fields.wrong(path, "must be \"a b\" or [\"a\", \"b\"], is " + JsonFields.shown(node));
  }

  private int requireId(Map<String, Integer> ids, String path, String symbols)
      throws TokenizerFormatException {
    Integer id = ids.get(symbols);
    if (id == null) {
      throw fields.wrong(path, "\"" + symbols + "\" is not in the vocabulary");
    }
    return id;
  }
}
