package io.sedd.tokenizers.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.text.BytePairTokenizer;
import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.BytePairVocabulary.Merge;
import io.sedd.diffusion.text.ByteSymbols;
import io.sedd.diffusion.text.ForeignTokenizer;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.diffusion.text.TokenizerEngine;
import io.sedd.diffusion.text.TokenizerJsonWriter;
import io.sedd.diffusion.text.Tokenizers;
import io.sedd.diffusion.text.UntokenizableTextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlTokenizerEngineTest {

  private static final String WORD_PIECES =
      """
      {"version": "1.0", "truncation": {"max_length": 3, "strategy": "LongestFirst", "stride": 0,
       "direction": "Right"}, "padding": null,
       "added_tokens": [
         {"id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true},
         {"id": 7, "content": "[SEP]", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
       "post_processor": null, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {"[UNK]": 0, "the": 1, "cat": 2, "##s": 3, "sat": 4, "un": 5, "##related": 6}}}
      """;

  @TempDir Path folder;

  private Tokenizer wordPieces() throws IOException {
    Files.writeString(folder.resolve("pieces.json"), WORD_PIECES);
    return Tokenizers.load("pieces.json", folder);
  }

  @Test
  void wordPiecesAreReadThoughTheProjectHasNone() throws IOException {
    Tokenizer tokenizer = wordPieces();
    assertInstanceOf(ForeignTokenizer.class, tokenizer);
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, tokenizer.encode("The cats sat unrelated"));
    assertEquals("the cats sat unrelated", tokenizer.decode(new int[] {1, 2, 3, 4, 5, 6}));
    assertEquals(8, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(7), tokenizer.endOfText());
  }

  @Test
  void anEndOfTextIsNeverFoundInATextAndReadsAsTheProjects() throws IOException {
    Tokenizer tokenizer = wordPieces();
    assertArrayEquals(new int[] {1, 0, 0, 0}, tokenizer.encode("the [SEP]"));
    assertEquals("the<|endoftext|>cat", tokenizer.decode(new int[] {1, 7, 2}));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {8}));
    assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("\ud800"));
    assertEquals(0, tokenizer.encode("").length);
  }

  @Test
  void aFileThatIsNoTokenizerIsRefusedByName() throws IOException {
    for (String wrong : List.of("{", "{}", WORD_PIECES.replace("WordPiece", "WordPeace"))) {
      Files.writeString(folder.resolve("wrong.json"), wrong);
      var failure = assertThrows(IOException.class, () -> Tokenizers.load("wrong.json", folder));
      assertTrue(failure.getMessage().contains("wrong.json"), failure.getMessage());
    }
  }

  /** The project's own tokenizer against the library that it imitates. */
  @Test
  void theProjectsByteLevelBpeGivesWhatTheLibraryGives() throws IOException {
    BytePairVocabulary vocabulary = byteLevel();
    Tokenizer own = new BytePairTokenizer(vocabulary);
    TokenizerEngine.Loaded library =
        TokenizerEngine.find().orElseThrow().load(TokenizerJsonWriter.json(vocabulary));
    for (String text :
        List.of(
            "the other then  hello\n\n\tthere's 12345 ... words",
            "Käse ☃ 漢字 👩‍👩‍👧 e\u0301",
            " leading",
            "trailing  ",
            "\u0000\u0001",
            "it's we'll I'D don't")) {
      assertArrayEquals(own.encode(text), library.encode(text), text);
      assertEquals(text, library.decode(own.encode(text)));
    }
  }

  private static BytePairVocabulary byteLevel() {
    List<String> symbols =
        new ArrayList<>(ByteSymbols.alphabet().chars().mapToObj(Character::toString).toList());
    List<Merge> merges = new ArrayList<>();
    for (String pair : List.of("t h", "th e", "\u0120 the", "l l", "e r", "\u0120the r", "1 2")) {
      String[] parts = pair.split(" ");
      symbols.add(parts[0] + parts[1]);
      merges.add(
          new Merge(symbols.indexOf(parts[0]), symbols.indexOf(parts[1]), symbols.size() - 1));
    }
    symbols.add(Tokenizer.END_OF_TEXT);
    return new BytePairVocabulary(symbols, merges, OptionalInt.of(symbols.size() - 1));
  }
}
