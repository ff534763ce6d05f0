package io.sedd.diffusion.text;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a byte-level BPE tokenizer knows.
 *
 * @param symbols each token's bytes, written as {@link ByteSymbols}; the index is the token's id
 * @param merges in order of their making, which is the order of their application
 * @param endOfText the token that separates documents, whose symbols are {@link
 *     Tokenizer#END_OF_TEXT}, if there is one
 */
public record BytePairVocabulary(List<String> symbols, List<Merge> merges, OptionalInt endOfText) {

  /**
   * Two neighbouring tokens become one.
   *
   * @param left id of the first
   * @param right id of the second
   * @param token id of the token that has the bytes of both
   */
  public record Merge(int left, int right, int token) {}

  /**
   * @throws IllegalArgumentException if a symbol occurs twice, a byte has no token, a pair is
   *     merged twice or to other bytes than its own, or the end of text is not the token that it
   *     should be
   */
  public BytePairVocabulary {
    symbols = List.copyOf(symbols);
    merges = List.copyOf(merges);
    Set<String> distinct = new HashSet<>();
    for (String symbol : symbols) {
      if (!distinct.add(symbol)) {
        throw new IllegalArgumentException("\"" + symbol + "\" is the symbol of two tokens");
      }
    }
    for (char symbol : ByteSymbols.alphabet().toCharArray()) {
      if (!distinct.contains(String.valueOf(symbol))) {
        throw new IllegalArgumentException(
            "no token for byte 0x%02X, symbol \"%c\": a byte-level vocabulary has all 256"
                .formatted(ByteSymbols.bytes(String.valueOf(symbol))[0], symbol));
      }
    }
    Set<Long> pairs = new HashSet<>();
    for (Merge merge : merges) {
      if (!pairs.add(((long) merge.left() << 32) | merge.right())) {
        throw new IllegalArgumentException(merge + " is the second merge of its pair");
      }
      String joined = symbols.get(merge.left()) + symbols.get(merge.right());
      if (!symbols.get(merge.token()).equals(joined)) {
        throw new IllegalArgumentException(
            merge + " gives \"" + joined + "\", not \"" + symbols.get(merge.token()) + "\"");
      }
    }
    if (endOfText.isPresent() && !symbols.get(endOfText.getAsInt()).equals(Tokenizer.END_OF_TEXT)) {
      throw new IllegalArgumentException(
          "end of text " + endOfText + " has the symbols " + symbols.get(endOfText.getAsInt()));
    }
  }

  /** Number of tokens. */
  public int size() {
    return symbols.size();
  }
}
