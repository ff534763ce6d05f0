package io.sedd.trainer.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.Tokenizer;
import io.sedd.trainer.corpus.Corpus;
import io.sedd.trainer.corpus.OfficialGrouping;
import io.sedd.trainer.corpus.PackedCorpus;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Text that a model is evaluated on, cut to sequences of one length.
 *
 * @param sequences tokens of those that are evaluated
 * @param charactersPerToken Unicode characters of the documents over all tokens, ends of text
 *     included
 * @param bytesPerToken the same for UTF-8 bytes
 */
public record HeldOutText(List<int[]> sequences, double charactersPerToken, double bytesPerToken) {

  /**
   * Reads and packs a corpus.
   *
   * @param length tokens of a sequence
   * @param limit how many sequences are taken, spread evenly over the text; 0 for all
   * @throws IllegalArgumentException if the text does not fill one sequence
   */
  public static HeldOutText of(Corpus corpus, Tokenizer tokenizer, int length, int limit)
      throws IOException {
    PackedCorpus packed = PackedCorpus.pack(corpus.documents(), tokenizer, length);
    long all = packed.rows();
    int count = Math.toIntExact(limit == 0 ? all : Math.min(limit, all));
    List<int[]> sequences =
        IntStream.range(0, count).mapToObj(i -> packed.row(i * all / count)).toList();
    return measured(corpus, sequences, packed.tokens());
  }

  /**
   * Reads a corpus and cuts it as the official preparation does ({@link OfficialGrouping}), for
   * figures that are to be compared with published ones.
   *
   * @param shards processes of the preparation
   */
  public static HeldOutText ofOfficialGrouping(
      Corpus corpus, Tokenizer tokenizer, int length, int limit, int shards) {
    List<String> documents;
    try (Stream<String> all = corpus.documents()) {
      documents = all.toList();
    }
    List<int[]> rows = OfficialGrouping.rows(documents, tokenizer, shards, length);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "the text fills no row of %,d tokens in the official grouping".formatted(length));
    }
    int count = limit == 0 ? rows.size() : Math.min(limit, rows.size());
    List<int[]> sequences =
        IntStream.range(0, count)
            .mapToObj(i -> rows.get((int) ((long) i * rows.size() / count)))
            .toList();
    long tokens =
        documents.stream().mapToLong(document -> tokenizer.encode(document).length + 1).sum();
    return measured(corpus, sequences, tokens);
  }

  private static HeldOutText measured(Corpus corpus, List<int[]> sequences, long tokens) {
    long characters = 0;
    long bytes = 0;
    try (Stream<String> documents = corpus.documents()) {
      for (String document : (Iterable<String>) documents::iterator) {
        characters += document.codePointCount(0, document.length());
        bytes += document.getBytes(UTF_8).length;
      }
    }
    return new HeldOutText(sequences, characters / (double) tokens, bytes / (double) tokens);
  }
}
