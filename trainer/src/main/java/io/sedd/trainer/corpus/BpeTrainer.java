package io.sedd.trainer.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.BytePairVocabulary;
import io.sedd.diffusion.text.BytePairVocabulary.Merge;
import io.sedd.diffusion.text.ByteSymbols;
import io.sedd.diffusion.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al. 2016 on the bytes of GPT-2's pieces): the
 * most frequent pair of neighbouring tokens becomes a token, again and again. Among equally
 * frequent pairs the greatest wins, its two byte strings compared one after the other; so the
 * texts' pieces and their counts alone decide the result. Ids: the end of text is 0, then the 256
 * bytes in GPT-2's order, then the merges.
 */
public final class BpeTrainer {

  private static final int BYTES = 256;

  private final List<String> symbols = new ArrayList<>();
  private final List<byte[]> bytes = new ArrayList<>();
  private final Map<String, Integer> idOfSymbols = new HashMap<>();
  private final List<Merge> merges = new ArrayList<>();
  private final Set<Long> merged = new HashSet<>();
  private final PairCounts counts = new PairCounts();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(this::compare);

  private BpeTrainer() {
    addToken(Tokenizer.END_OF_TEXT, Tokenizer.END_OF_TEXT.getBytes(UTF_8));
    for (char symbol : ByteSymbols.alphabet().toCharArray()) {
      addToken(String.valueOf(symbol), ByteSymbols.bytes(String.valueOf(symbol)));
    }
  }

  /**
   * Learns a vocabulary from documents; closes their stream.
   *
   * @param vocabularySize number of tokens wanted, at least 257: bytes and end of text
   * @throws IllegalArgumentException if the documents have too few pairs for so many tokens
   */
  public static BytePairVocabulary train(Stream<String> documents, int vocabularySize) {
    if (vocabularySize <= BYTES) {
      throw new IllegalArgumentException(
          "a vocabulary has at least " + (BYTES + 1) + " tokens, not " + vocabularySize);
    }
    BpeTrainer trainer = new BpeTrainer();
    Map<String, Long> words = PieceWords.count(documents);
    if (words.isEmpty()) {
      throw new IllegalArgumentException(
          "the corpus is empty: its texts have no character to learn a vocabulary from; give other"
              + " texts");
    }
    words.forEach(trainer::addWord);
    trainer.learn(vocabularySize);
    return new BytePairVocabulary(trainer.symbols, trainer.merges, OptionalInt.of(0));
  }

  /** A pair and the count that it had when it was queued, which is never below its present one. */
  private record Candidate(long count, long pair) {}

  /** The next to merge comes first. */
  private int compare(Candidate a, Candidate b) {
    if (a.count != b.count) {
      return Long.compare(b.count, a.count);
    }
    int byLeft =
        Arrays.compareUnsigned(
            bytes.get(PairCounts.left(b.pair)), bytes.get(PairCounts.left(a.pair)));
    return byLeft != 0
        ? byLeft
        : Arrays.compareUnsigned(
            bytes.get(PairCounts.right(b.pair)), bytes.get(PairCounts.right(a.pair)));
  }

  private void addWord(String piece, long occurrences) {
    byte[] utf8 = piece.getBytes(UTF_8);
    String alphabet = ByteSymbols.symbols(utf8);
    int[] tokens = alphabet.chars().map(c -> idOfSymbols.get(Character.toString(c))).toArray();
    counts.addWord(tokens, occurrences);
  }

  private void learn(int vocabularySize) {
    counts.pairs().forEach(this::enqueue);
    while (symbols.size() < vocabularySize) {
      Candidate best = queue.poll();
      if (best == null) {
        throw new IllegalArgumentException(
            "the texts give no more than %,d of %,d tokens: ask for fewer or give more text"
                .formatted(symbols.size(), vocabularySize));
      }
      long present = counts.count(best.pair);
      if (present == best.count) {
        merge(best.pair);
      } else if (present > 0) {
        enqueue(best.pair);
      }
    }
  }

  private void enqueue(long pair) {
    queue.add(new Candidate(counts.count(pair), pair));
  }

  private void merge(long pair) {
    int left = PairCounts.left(pair);
    int right = PairCounts.right(pair);
    String joined = symbols.get(left) + symbols.get(right);
    // two ways to the same bytes share one token, as in Hugging Face's trainer
    Integer known = idOfSymbols.get(joined);
    int token = known != null ? known : addToken(joined, ByteSymbols.bytes(joined));
    // a token made in a second way can bring back a pair whose rule is already there
    if (merged.add(pair)) {
      merges.add(new Merge(left, right, token));
    }
    counts.merge(pair, token).forEach(this::enqueue);
  }

  private int addToken(String symbol, byte[] itsBytes) {
    int id = symbols.size();
    symbols.add(symbol);
    bytes.add(itsBytes);
    idOfSymbols.put(symbol, id);
    return id;
  }
}
