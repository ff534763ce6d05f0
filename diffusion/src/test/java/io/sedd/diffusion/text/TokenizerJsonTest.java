package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BytePairVocabulary vocabulary =
      SmallVocabulary.of("h e", "\u0120 t", "\u0120t he", "\u010A \u010A");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("tokenizer.json");
    TokenizerJsonWriter.write(vocabulary, file);
  }

  @Test
  void whatIsWrittenReadsTheSame() throws IOException {
    assertEquals(vocabulary, TokenizerJsonReader.read(file));
  }

  @Test
  void writingTwiceGivesTheSameBytes() throws IOException {
    Path second = folder.resolve("second.json");
    TokenizerJsonWriter.write(TokenizerJsonReader.read(file), second);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(second));
  }

  @Test
  void bytesThatLookLikeAnotherEncodingAreRefusedLikeAnyOther() throws IOException {
    Files.write(file, new byte[] {'{', 0, 0, 0, 0, 0, 0, 0x7F});
    assertThrows(TokenizerFormatException.class, () -> TokenizerJsonReader.read(file));
  }

  @Test
  void mergesInPairsReadLikeMergesInStrings() throws IOException {
    change(
        root -> {
          ArrayNode merges = (ArrayNode) root.at("/model/merges");
          for (int i = 0; i < merges.size(); i++) {
            String[] parts = merges.get(i).asText().split(" ", -1);
            merges.set(i, JSON.createArrayNode().add(parts[0]).add(parts[1]));
          }
        });
    assertEquals(vocabulary, TokenizerJsonReader.read(file));
  }

  @Test
  void theFileOfGpt2ItselfIsWithinWhatCanBeRead() throws IOException {
    change(
        root -> {
          ObjectNode model = (ObjectNode) root.get("model");
          model.remove(List.of("type", "byte_fallback", "ignore_merges"));
          model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
          ((ObjectNode) root.get("pre_tokenizer")).remove("use_regex");
          root.putNull("post_processor");
        });
    assertEquals(vocabulary, TokenizerJsonReader.read(file));
  }

  @Test
  void anEndOfTextAfterTheVocabularyIsTakenIn() throws IOException {
    change(
        root -> {
          ObjectNode ids = (ObjectNode) root.at("/model/vocab");
          ids.remove("<|endoftext|>");
          for (String symbols : vocabulary.symbols().subList(1, vocabulary.size())) {
            ids.put(symbols, ids.get(symbols).intValue() - 1);
          }
          ((ObjectNode) root.at("/added_tokens/0")).put("id", ids.size());
        });
    BytePairVocabulary read = TokenizerJsonReader.read(file);
    assertEquals(OptionalInt.of(vocabulary.size() - 1), read.endOfText());
    assertEquals(vocabulary.size(), read.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          $.normalizer | {"type": "NFC"}
          $.truncation | {"max_length": 5}
          $.padding | {"strategy": "BatchLongest"}
          $.surprise | 1
          $.model | 3
          $.model.surprise | null
          $.model.type | "WordPiece"
          $.model.dropout | 0.1
          $.model.unk_token | "<unk>"
          $.model.continuing_subword_prefix | "##"
          $.model.end_of_word_suffix | "</w>"
          $.model.fuse_unk | true
          $.model.byte_fallback | true
          $.model.ignore_merges | true
          $.model.vocab | []
          $.model.merges | {}
          $.pre_tokenizer.type | "Whitespace"
          $.pre_tokenizer.add_prefix_space | true
          $.pre_tokenizer.add_prefix_space | null
          $.pre_tokenizer.use_regex | false
          $.decoder.type | "WordPiece"
          $.post_processor.type | "TemplateProcessing"
          $.added_tokens | {}
          """)
  void aForeignFeatureIsRefusedByItsPath(String path, String value) throws IOException {
    int dot = path.lastIndexOf('.');
    String parent = path.substring(1, dot).replace('.', '/');
    change(
        root -> ((ObjectNode) root.at(parent)).set(path.substring(dot + 1), JSON.readTree(value)));
    refusedAt(path);
  }

  @Test
  void wrongEntriesAreRefusedByTheirPlace() throws IOException {
    change(root -> ((ArrayNode) root.at("/model/merges")).set(1, JSON.readTree("\"a b c\"")));
    refusedAt("$.model.merges[1]");
    write();
    change(root -> ((ArrayNode) root.at("/model/merges")).set(2, JSON.readTree("\"q z\"")));
    refusedAt("$.model.merges[2]");
    write();
    change(root -> ((ObjectNode) root.at("/model/vocab")).put("he", 1.5));
    refusedAt("$.model.vocab[\"he\"]");
    write();
    change(root -> ((ObjectNode) root.at("/model/vocab")).put("a b", 261));
    refusedAt("$.model.vocab[\"a b\"]");
    write();
    change(root -> ((ObjectNode) root.at("/model/vocab")).put("he", 9_999));
    refusedAt("$.model.vocab[\"he\"]");
    write();
    change(root -> ((ObjectNode) root.at("/added_tokens/0")).put("content", "<pad>"));
    refusedAt("$.added_tokens[0].content");
    write();
    change(root -> ((ObjectNode) root.at("/added_tokens/0")).put("id", 7));
    refusedAt("$.model.vocab[\"<|endoftext|>\"]");
  }

  @Test
  void aFileThatIsNoJsonOrHasAKeyTwiceIsRefused() throws IOException {
    Files.writeString(file, "{\"model\": {}, \"model\": {}}");
    refusedAt("$");
    Files.writeString(file, "{\"model\": ");
    refusedAt("$");
    Files.writeString(file, "");
    refusedAt("$");
  }

  @Test
  void aVocabularyWithoutAByteIsRefused() throws IOException {
    change(
        root -> {
          ObjectNode ids = (ObjectNode) root.at("/model/vocab");
          int id = ids.remove("Q").intValue();
          ids.put("QQ", id);
        });
    var failure =
        assertThrows(TokenizerFormatException.class, () -> TokenizerJsonReader.read(file));
    assertEquals("$.model.vocab", failure.path());
    assertTrue(failure.getMessage().contains("0x51"), failure.getMessage());
  }

  private void refusedAt(String path) {
    var failure =
        assertThrows(TokenizerFormatException.class, () -> TokenizerJsonReader.read(file));
    assertTrue(failure.getMessage().startsWith(file + ": $"), failure.getMessage());
    assertEquals(path, failure.path(), failure.getMessage());
  }

  /** A change of a JSON document. */
  private interface Change {
    void apply(ObjectNode root) throws IOException;
  }

  private void change(Change change) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
    change.apply(root);
    JSON.writeValue(file.toFile(), root);
  }
}
