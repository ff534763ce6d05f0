package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the encodings of other people's tokenizers, both this one and our own BPE. */
class Gpt2ReferenceTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<Integer>> IDS = new TypeReference<>() {};

  private record Case(String text, List<Integer> ids) {}

  @Test
  void everyGoldenCaseHasItsTokens() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String line : Files.readAllLines(PublicTexts.require("gpt2_bpe/gpt2_golden.jsonl"))) {
      var node = JSON.readTree(line);
      cases.add(new Case(node.get("text").asText(), JSON.convertValue(node.get("ids"), IDS)));
    }
    assertEquals(178, cases.size());
    check(cases);
  }

  @Test
  void everyReferenceEncodingHasItsTokens() throws IOException {
    List<Case> cases = new ArrayList<>();
    var file = PublicTexts.require("gpt2_bpe/r50k_base_encodings.csv");
    for (List<String> row : rows(Files.readString(file))) {
      if (!row.getFirst().equals("input")) {
        cases.add(new Case(row.getFirst(), JSON.readValue(row.get(1), IDS)));
      }
    }
    assertEquals(423, cases.size());
    check(cases);
  }

  private static void check(List<Case> cases) throws IOException {
    for (Tokenizer tokenizer :
        List.of(new Gpt2Tokenizer(), new BytePairTokenizer(Gpt2Merges.vocabulary()))) {
      for (Case each : cases) {
        int[] ids = each.ids.stream().mapToInt(Integer::intValue).toArray();
        assertArrayEquals(ids, tokenizer.encode(each.text), each.text);
        assertEquals(each.text, tokenizer.decode(ids));
      }
    }
  }

  /** Comma-separated values of RFC 4180. */
  private static List<List<String>> rows(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (quoted || (c != ',' && c != '\n')) {
        field.append(c);
      } else {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      }
    }
    if (!field.isEmpty() || !row.isEmpty()) {
      row.add(field.toString());
      rows.add(row);
    }
    return rows;
  }
}
