package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.text.Gpt2Tokenizer;
import io.sedd.diffusion.text.PublicTexts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against what the official SEDD preparation makes of WikiText-2, from the raw file on. */
class OfficialPreparationTest {

  private static List<String> documents() throws IOException {
    var raw = PublicTexts.require("wikitext2/wiki.test.raw");
    return Corpus.of(
            List.of(raw), new Corpus.Reading(TextFormat.LINES, "text", Detokenizer.WIKITEXT))
        .documents()
        .toList();
  }

  @Test
  void everyRowOfTheRawFileReadsAsTheReferenceDoes() throws IOException {
    var reference = PublicTexts.require("wikitext2/wikitext2_test_detok.jsonl");
    List<String> expected = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(reference)) {
      expected.add(json.readValue(line, String.class));
    }
    assertEquals(expected, documents());
  }

  @Test
  void theRowsOfEightProcessesAreTheReferencesByteForByte() throws IOException {
    var reference = PublicTexts.require("wikitext2/wikitext2_test_np8_1024.u16");
    List<int[]> rows = OfficialGrouping.rows(documents(), new Gpt2Tokenizer(), 8, 1024);
    ByteBuffer bytes = ByteBuffer.allocate(2 * 1024 * rows.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] row : rows) {
      for (int token : row) {
        bytes.putShort((short) token);
      }
    }
    assertEquals(264, rows.size());
    assertArrayEquals(Files.readAllBytes(reference), bytes.array());
  }
}
