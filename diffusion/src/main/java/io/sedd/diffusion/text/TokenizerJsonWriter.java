package io.sedd.diffusion.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a vocabulary as a Hugging Face {@code tokenizer.json}, one token and one merge a line. A
 * merge is written {@code "a b"}, which every release of Hugging Face tokenizers reads; byte
 * symbols hold no space, so nothing is lost against the pairs that releases from 0.20 write.
 */
public final class TokenizerJsonWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerJsonWriter() {}

  /** Writes a file, replacing what is there. */
  public static void write(BytePairVocabulary vocabulary, Path file) throws IOException {
    Files.writeString(file, json(vocabulary), UTF_8);
  }

  /** The content of such a file; it depends on the vocabulary alone. */
  public static String json(BytePairVocabulary vocabulary) {
    ObjectNode root = NODES.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    var added = root.putArray("added_tokens");
    if (vocabulary.endOfText().isPresent()) {
      added.add(endOfText(vocabulary.endOfText().getAsInt()));
    }
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.set("post_processor", byteLevel());
    root.set("decoder", byteLevel());
    root.set("model", model(vocabulary));

    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    try {
      return JSON.writer(printer).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }

  private static ObjectNode endOfText(int id) {
    return NODES
        .objectNode()
        .put("id", id)
        .put("content", Tokenizer.END_OF_TEXT)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode byteLevel() {
    return NODES
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static ObjectNode model(BytePairVocabulary vocabulary) {
    ObjectNode model = NODES.objectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.symbols().get(id), id);
    }
    var merges = model.putArray("merges");
    for (BytePairVocabulary.Merge merge : vocabulary.merges()) {
      merges.add(
          vocabulary.symbols().get(merge.left()) + " " + vocabulary.symbols().get(merge.right()));
    }
    return model;
  }
}
