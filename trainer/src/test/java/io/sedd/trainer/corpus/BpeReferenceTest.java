package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.PublicTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against the vocabulary that somebody else's trainer learned from the same text. */
class BpeReferenceTest {

  @Test
  void theReferenceVocabularyIsLearnedAgain() throws IOException {
    var text = PublicTexts.require("gpt2_bpe/corpus.en");
    var mergesFile = PublicTexts.require("gpt2_bpe/train-bpe-reference-merges.txt");
    var vocabularyFile = PublicTexts.require("gpt2_bpe/train-bpe-reference-vocab.json");

    BytePairVocabulary learned = BpeTrainer.train(Corpus.of(List.of(text)).documents(), 500);

    List<String> symbols = learned.symbols();
    List<String> merges =
        learned.merges().stream()
            .map(merge -> symbols.get(merge.left()) + " " + symbols.get(merge.right()))
            .toList();
    assertEquals(Files.readAllLines(mergesFile), merges);
    assertEquals(243, merges.size());

    Map<String, Integer> ids = new TreeMap<>();
    for (int id = 0; id < symbols.size(); id++) {
      ids.put(symbols.get(id), id);
    }
    Map<String, Integer> expected =
        new ObjectMapper()
            .readValue(vocabularyFile.toFile(), new TypeReference<TreeMap<String, Integer>>() {});
    assertEquals(expected, ids);
  }
}
