package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.TokenBuffer;
import io.sedd.diffusion.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as the official SEDD preparation cuts them on several processes: the documents are dealt to
 * shards, in each of which every batch of documents is packed alone and the tokens after its last
 * whole row are dropped. Only for perplexities that are to be compared with the published ones; it
 * loses text that {@link PackedCorpus} keeps.
 */
public final class OfficialGrouping {

  /** Documents of a batch, the default of the data library that the official code uses. */
  private static final int BATCH = 1000;

  private OfficialGrouping() {}

  /**
   * Cuts documents to rows.
   *
   * @param shards processes; neighbouring documents stay together, the first shards have one more
   *     where the number does not divide
   * @param length tokens a row
   */
  public static List<int[]> rows(
      List<String> documents, Tokenizer tokenizer, int shards, int length) {
    int endOfText =
        tokenizer
            .endOfText()
            .orElseThrow(() -> new IllegalArgumentException("the tokenizer has no end of text"));
    List<int[]> rows = new ArrayList<>();
    int begin = 0;
    for (int shard = 0; shard < shards; shard++) {
      int end = begin + documents.size() / shards + (shard < documents.size() % shards ? 1 : 0);
      for (int from = begin; from < end; from += BATCH) {
        batch(documents.subList(from, Math.min(from + BATCH, end)), tokenizer, endOfText, length)
            .forEach(rows::add);
      }
      begin = end;
    }
    return rows;
  }

  private static List<int[]> batch(
      List<String> documents, Tokenizer tokenizer, int endOfText, int length) {
    TokenBuffer tokens = new TokenBuffer(1 << 16);
    for (String document : documents) {
      tokens.append(tokenizer.encode(document));
      tokens.append(endOfText);
    }
    int[] all = tokens.toArray();
    List<int[]> rows = new ArrayList<>();
    for (int from = 0; from + length <= all.length; from += length) {
      rows.add(Arrays.copyOfRange(all, from, from + length));
    }
    return rows;
  }
}
