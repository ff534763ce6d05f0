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

/** Against the token stream that the official SEDD preparation makes of WikiText-2. */
class PackingReferenceTest {

  @Test
  void thePackedTestSplitOfWikiTextIsTheReferenceStream() throws IOException {
    var rowsFile = PublicTexts.require("wikitext2/wikitext2_test_detok.jsonl");
    var streamFile = PublicTexts.require("wikitext2/wikitext2_test_stream.u16");
    ObjectMapper json = new ObjectMapper();
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(rowsFile)) {
      rows.add(json.readValue(line, String.class));
    }
    var shorts =
        ByteBuffer.wrap(Files.readAllBytes(streamFile))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asShortBuffer();
    int[] expected = new int[shorts.remaining()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Short.toUnsignedInt(shorts.get(i));
    }

    PackedCorpus corpus = PackedCorpus.pack(rows.stream(), new Gpt2Tokenizer(), expected.length);

    assertEquals(274_796, corpus.tokens());
    assertArrayEquals(expected, corpus.row(0));
  }
}
