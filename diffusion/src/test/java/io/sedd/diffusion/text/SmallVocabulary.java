package io.sedd.diffusion.text;

import io.sedd.diffusion.text.BytePairVocabulary.Merge;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Vocabularies made by hand: end of text 0, the bytes 1 to 256, then one token a merge. */
final class SmallVocabulary {

  private SmallVocabulary() {}

  /** Merges written as pairs of symbols, such as {@code "t h", "th e"}. */
  static BytePairVocabulary of(String... pairs) {
    List<String> symbols = new ArrayList<>();
    symbols.add(Tokenizer.END_OF_TEXT);
    ByteSymbols.alphabet().chars().forEach(c -> symbols.add(Character.toString(c)));
    List<Merge> merges = new ArrayList<>();
    for (String pair : pairs) {
      String[] parts = pair.split(" ", -1);
      if (!symbols.contains(parts[0] + parts[1])) {
        symbols.add(parts[0] + parts[1]);
      }
      merges.add(
          new Merge(
              symbols.indexOf(parts[0]),
              symbols.indexOf(parts[1]),
              symbols.indexOf(parts[0] + parts[1])));
    }
    return new BytePairVocabulary(symbols, merges, OptionalInt.of(0));
  }
}
