package io.sedd.trainer.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often each pair of neighbouring tokens occurs in the words, kept up to date under merges: a
 * merge visits only the words that hold its pair, which is what makes training fast.
 */
final class PairCounts {

  /** One distinct piece of the text and the number of times that it occurs. */
  private static final class Word {
    private int[] tokens;
    private final long occurrences;

    Word(int[] tokens, long occurrences) {
      this.tokens = tokens;
      this.occurrences = occurrences;
    }
  }

  /** A pair's count, and the words that held it when it was last counted up in them. */
  private static final class Tally {
    private long count;
    private final List<Word> words = new ArrayList<>(1);
  }

  private final Map<Long, Tally> tallies = new HashMap<>();

  /** Counts in a word of these tokens that occurs so many times. */
  void addWord(int[] tokens, long occurrences) {
    Word word = new Word(tokens, occurrences);
    for (int i = 0; i + 1 < tokens.length; i++) {
      countUp(pair(tokens[i], tokens[i + 1]), word);
    }
  }

  /** All pairs that occur. */
  Set<Long> pairs() {
    return tallies.keySet();
  }

  /** How often a pair occurs now. */
  long count(long pair) {
    Tally tally = tallies.get(pair);
    return tally == null ? 0 : tally.count;
  }

  /**
   * Replaces a pair by one token in every word, from left to right.
   *
   * @return the pairs with the token in them, the only ones that may occur more often than before
   */
  Set<Long> merge(long pair, int token) {
    Set<Long> grown = new HashSet<>();
    Tally tally = tallies.get(pair);
    // copied, since counting up may add to the list where the token is one that was there before
    for (Word word : List.copyOf(tally.words)) {
      int[] before = word.tokens;
      int[] after = merged(before, pair, token);
      if (after.length == before.length) {
        continue;
      }
      for (int i = 0; i + 1 < before.length; i++) {
        countDown(pair(before[i], before[i + 1]), word);
      }
      word.tokens = after;
      for (int i = 0; i + 1 < after.length; i++) {
        boolean fresh = after[i] == token || after[i + 1] == token;
        long neighbours = pair(after[i], after[i + 1]);
        if (fresh) {
          countUp(neighbours, word);
          grown.add(neighbours);
        } else {
          tallies.get(neighbours).count += word.occurrences;
        }
      }
    }
    tallies.remove(pair);
    return grown;
  }

  private void countUp(long pair, Word word) {
    Tally tally = tallies.computeIfAbsent(pair, _ -> new Tally());
    tally.count += word.occurrences;
    if (tally.words.isEmpty() || tally.words.getLast() != word) {
      tally.words.add(word);
    }
  }

  private void countDown(long pair, Word word) {
    tallies.get(pair).count -= word.occurrences;
  }

  private static int[] merged(int[] tokens, long pair, int token) {
    int[] merged = new int[tokens.length];
    int size = 0;
    for (int i = 0; i < tokens.length; size++) {
      if (i + 1 < tokens.length && pair(tokens[i], tokens[i + 1]) == pair) {
        merged[size] = token;
        i += 2;
      } else {
        merged[size] = tokens[i++];
      }
    }
    return Arrays.copyOf(merged, size);
  }

  static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  static int left(long pair) {
    return (int) (pair >>> 32);
  }

  static int right(long pair) {
    return (int) pair;
  }
}
