package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.ByteSymbols;
import io.sedd.diffusion.text.Gpt2Pieces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** BPE training in its plainest form: counts every pair anew for each merge. ASCII texts only. */
final class PlainBpe {

  private final List<List<String>> words = new ArrayList<>();

  PlainBpe(List<String> documents) {
    for (String document : documents) {
      Gpt2Pieces.forEach(
          document,
          piece -> {
            List<String> word = new ArrayList<>();
            ByteSymbols.symbols(piece.getBytes(StandardCharsets.UTF_8))
                .chars()
                .forEach(c -> word.add(Character.toString(c)));
            words.add(word);
          });
    }
  }

  /** The first merges, as {@code "a b"}, until they have made so many distinct tokens. */
  List<String> merges(int tokens) {
    List<String> merges = new ArrayList<>();
    List<String> made = new ArrayList<>();
    while (made.size() < tokens) {
      Map<List<String>, Long> counts = new HashMap<>();
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(List.of(word.get(i), word.get(i + 1)), 1L, Long::sum);
        }
      }
      List<String> best =
          counts.entrySet().stream()
              .max(
                  Comparator.<Map.Entry<List<String>, Long>>comparingLong(Map.Entry::getValue)
                      .thenComparing(e -> bytes(e.getKey().get(0)))
                      .thenComparing(e -> bytes(e.getKey().get(1))))
              .orElseThrow()
              .getKey();
      String joined = best.get(0) + best.get(1);
      if (!made.contains(joined)) {
        made.add(joined);
      }
      String merge = best.get(0) + " " + best.get(1);
      if (!merges.contains(merge)) {
        merges.add(merge);
      }
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i).equals(best.get(0)) && word.get(i + 1).equals(best.get(1))) {
            word.set(i, joined);
            word.remove(i + 1);
          }
        }
      }
    }
    return merges;
  }

  private static String bytes(String symbols) {
    return new String(ByteSymbols.bytes(symbols), StandardCharsets.ISO_8859_1);
  }
}
