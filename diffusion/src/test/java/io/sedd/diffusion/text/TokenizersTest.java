package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {

  @TempDir Path folder;

  @Test
  void theBuiltInOnesHaveNames() throws IOException {
    assertInstanceOf(Gpt2Tokenizer.class, Tokenizers.load("gpt2", folder));
    assertInstanceOf(ByteTokenizer.class, Tokenizers.load("bytes", folder));
  }

  @Test
  void anyOtherNameIsAFileBesideTheConfig() throws IOException {
    BytePairVocabulary vocabulary = SmallVocabulary.of("h e");
    TokenizerJsonWriter.write(vocabulary, folder.resolve("own.json"));
    Tokenizer tokenizer = Tokenizers.load("own.json", folder);
    assertEquals(258, tokenizer.vocabularySize());
    assertArrayEquals(new int[] {257}, tokenizer.encode("he"));
  }

  @Test
  void anAbsentFileIsNamed() {
    var failure =
        assertThrows(NoSuchFileException.class, () -> Tokenizers.load("own.json", folder));
    assertTrue(failure.getMessage().contains("\"own.json\""), failure.getMessage());
  }

  /** No engine is on this module's class path. */
  @Test
  void aFileOfAnotherKindIsRefusedWithWhatWouldReadIt() throws IOException {
    Files.writeString(folder.resolve("own.json"), "{\"model\": {\"type\": \"WordPiece\"}}");
    var failure =
        assertThrows(TokenizerFormatException.class, () -> Tokenizers.load("own.json", folder));
    assertTrue(failure.getMessage().endsWith("take sedd-tokenizers-djl on the class path"));
    assertTrue(failure.path().startsWith("$"), failure.path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../own.json", "/etc/own.json", "..", "a\\b", " "})
  void aNameThatLeadsOutOfTheFolderIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> Tokenizers.load(name, folder));
  }
}
