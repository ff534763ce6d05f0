package io.sedd.diffusion.text;

import io.sedd.diffusion.text.BytePairVocabulary.Merge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * GPT-2's vocabulary with its merges, which the table that comes with JTokkit (lines of base64
 * bytes and rank) leaves out: a token's two parts are what the merges before its own make of it.
 */
final class Gpt2Merges {

  private final List<String> symbols = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

  static BytePairVocabulary vocabulary() throws IOException {
    return new Gpt2Merges().build();
  }

  private BytePairVocabulary build() throws IOException {
    try (var table =
        new BufferedReader(
            new InputStreamReader(
                com.knuddels.jtokkit.Encodings.class.getResourceAsStream(
                    "/com/knuddels/jtokkit/r50k_base.tiktoken"),
                StandardCharsets.US_ASCII))) {
      for (String line = table.readLine(); line != null; line = table.readLine()) {
        String[] fields = line.split(" ", -1);
        ids.put(ByteSymbols.symbols(Base64.getDecoder().decode(fields[0])), symbols.size());
        symbols.add(ByteSymbols.symbols(Base64.getDecoder().decode(fields[0])));
      }
    }
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < symbols.size(); id++) {
      if (symbols.get(id).length() > 1) {
        merges.add(mergeOf(id));
      }
    }
    symbols.add(Tokenizer.END_OF_TEXT);
    return new BytePairVocabulary(symbols, merges, OptionalInt.of(symbols.size() - 1));
  }

  private Merge mergeOf(int id) {
    List<String> parts = new ArrayList<>(List.of(symbols.get(id).split("", -1)));
    parts.removeIf(String::isEmpty);
    while (parts.size() > 2) {
      int best = -1;
      int bestId = id;
      for (int i = 0; i + 1 < parts.size(); i++) {
        Integer joined = ids.get(parts.get(i) + parts.get(i + 1));
        if (joined != null && joined < bestId) {
          best = i;
          bestId = joined;
        }
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return new Merge(ids.get(parts.get(0)), ids.get(parts.get(1)), id);
  }
}
