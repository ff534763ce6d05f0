package io.sedd.diffusion.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair merges applied to one piece: the earliest-made rule first, the leftmost place among
 * equals, until none applies (Sennrich et al. 2016, algorithm 1). A queue of places makes that n
 * log n for n bytes, so that a long piece is no way to stall a worker. Immutable.
 */
final class MergeRules {

  private record Rule(int rank, int left, int right, int token) {}

  /** A rule that applied at a place when it was queued; the tokens may have changed since. */
  private record Place(Rule rule, int position) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byRank = Integer.compare(rule.rank, other.rule.rank);
      return byRank != 0 ? byRank : Integer.compare(position, other.position);
    }
  }

  private static final int REMOVED = -1;

  private final int[] tokenOfByte = new int[256];
  private final Map<Long, Rule> rules = new HashMap<>();

  MergeRules(BytePairVocabulary vocabulary) {
    List<String> symbols = vocabulary.symbols();
    for (int id = 0; id < symbols.size(); id++) {
      if (symbols.get(id).length() == 1) {
        tokenOfByte[Byte.toUnsignedInt(ByteSymbols.bytes(symbols.get(id))[0])] = id;
      }
    }
    List<BytePairVocabulary.Merge> merges = vocabulary.merges();
    for (int rank = 0; rank < merges.size(); rank++) {
      var merge = merges.get(rank);
      rules.put(
          key(merge.left(), merge.right()),
          new Rule(rank, merge.left(), merge.right(), merge.token()));
    }
  }

  /** The tokens of a piece's bytes. */
  int[] apply(byte[] piece) {
    Links links = new Links(piece);
    PriorityQueue<Place> queue = new PriorityQueue<>(Math.max(1, piece.length));
    for (int i = 0; i < piece.length; i++) {
      links.queuePairAt(i, queue);
    }
    while (!queue.isEmpty()) {
      Place place = queue.poll();
      if (links.stillApplies(place)) {
        links.merge(place);
        links.queuePairAt(links.before[place.position], queue);
        links.queuePairAt(place.position, queue);
      }
    }
    return links.tokens();
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  /** The piece's tokens as a doubly linked list over byte positions; -1 and n are its ends. */
  private final class Links {
    private final int[] token;
    private final int[] before;
    private final int[] after;
    private int size;

    Links(byte[] piece) {
      size = piece.length;
      token = new int[size];
      before = new int[size];
      after = new int[size];
      for (int i = 0; i < size; i++) {
        token[i] = tokenOfByte[Byte.toUnsignedInt(piece[i])];
        before[i] = i - 1;
        after[i] = i + 1;
      }
    }

    void queuePairAt(int position, PriorityQueue<Place> queue) {
      if (position < 0 || after[position] >= token.length) {
        return;
      }
      Rule rule = rules.get(key(token[position], token[after[position]]));
      if (rule != null) {
        queue.add(new Place(rule, position));
      }
    }

    boolean stillApplies(Place place) {
      int next = after[place.position];
      return token[place.position] == place.rule.left
          && next < token.length
          && token[next] == place.rule.right;
    }

    void merge(Place place) {
      int next = after[place.position];
      token[place.position] = place.rule.token;
      token[next] = REMOVED;
      after[place.position] = after[next];
      if (after[next] < token.length) {
        before[after[next]] = place.position;
      }
      size--;
    }

    int[] tokens() {
      int[] left = Arrays.stream(token).filter(t -> t != REMOVED).toArray();
      assert left.length == size;
      return left;
    }
  }
}
