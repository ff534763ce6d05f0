package io.sedd.trainer.corpus;

import io.sedd.diffusion.text.Gpt2Pieces;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** How often each piece occurs: all that BPE training needs to know of a text. */
final class PieceWords {

  private PieceWords() {}

  /** Counts the pieces of documents; closes their stream. */
  static Map<String, Long> count(Stream<String> documents) {
    Map<String, Long> counts = new HashMap<>();
    try (documents) {
      documents.forEachOrdered(
          document -> Gpt2Pieces.forEach(document, piece -> counts.merge(piece, 1L, Long::sum)));
    }
    return counts;
  }
}
