package io.sedd.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.trainer.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTextTest {

  @TempDir Path folder;

  private HeldOutText read(String text, int length, int limit) throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), text);
    return HeldOutText.of(Corpus.of(List.of(file)), new ByteTokenizer(), length, limit);
  }

  /** Nine bytes, eight characters, ten tokens: the end of text is the tenth. */
  @Test
  void countsCharactersAndBytesOverAllTokens() throws IOException {
    HeldOutText text = read("caféteri", 5, 0);
    assertEquals(0.8, text.charactersPerToken(), 1e-12);
    assertEquals(0.9, text.bytesPerToken(), 1e-12);
    assertEquals(2, text.sequences().size());
  }

  @Test
  void fewSequencesAreSpreadOverTheText() throws IOException {
    HeldOutText text = read("aabbccddeeff", 2, 3);
    ByteTokenizer tokenizer = new ByteTokenizer();
    assertEquals(3, text.sequences().size());
    assertArrayEquals(tokenizer.encode("aa"), text.sequences().get(0));
    assertArrayEquals(tokenizer.encode("cc"), text.sequences().get(1));
    assertArrayEquals(tokenizer.encode("ee"), text.sequences().get(2));
  }

  @Test
  void refusesATextThatDoesNotFillASequence() {
    assertThrows(IllegalArgumentException.class, () -> read("short", 100, 0));
  }
}
