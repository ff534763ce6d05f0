package io.sedd.worker.page;

import io.sedd.diffusion.text.Tokenizer;
import io.sedd.worker.denoising.LaneView;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The text of a lane, position by position, so that a page can show which of them are filled. Owned
 * by the event loop.
 */
final class LanePieces {

  private static final char UNDECODABLE = '\uFFFD';

  /** No character of UTF-8 has more bytes, so none is spread over more tokens. */
  private static final int MOST_TOGETHER = 4;

  private static final int MOST_TOKENIZERS = 4;

  /** A token's own text, decoded once. */
  private final Map<Tokenizer, String[]> known = new IdentityHashMap<>();

  /**
   * One piece a position: null where nothing is filled in yet, and where the tokens of several
   * positions make up one character, that character at the first and an empty text at the others.
   *
   * @param texts false for empty texts at all positions that are filled
   */
  String[] of(LaneView lane, boolean texts) {
    String[] pieces = new String[lane.length()];
    int vocabulary = lane.tokenizer().vocabularySize();
    int p = 0;
    while (p < pieces.length) {
      if (lane.states()[p] >= vocabulary) {
        p++;
      } else if (!texts) {
        pieces[p++] = "";
      } else {
        p = put(pieces, lane, p);
      }
    }
    return pieces;
  }

  /** Fills in the piece at a position; returns the next position. */
  private int put(String[] pieces, LaneView lane, int p) {
    String alone = token(lane.tokenizer(), lane.states()[p]);
    pieces[p] = alone;
    if (alone.indexOf(UNDECODABLE) < 0) {
      return p + 1;
    }
    int vocabulary = lane.tokenizer().vocabularySize();
    int limit = Math.min(pieces.length, p + MOST_TOGETHER);
    for (int end = p + 2; end <= limit && lane.states()[end - 1] < vocabulary; end++) {
      String together = lane.tokenizer().decode(Arrays.copyOfRange(lane.states(), p, end));
      if (together.indexOf(UNDECODABLE) < 0) {
        Arrays.fill(pieces, p, end, "");
        pieces[p] = together;
        return end;
      }
    }
    return p + 1;
  }

  private String token(Tokenizer tokenizer, int id) {
    if (!known.containsKey(tokenizer) && known.size() >= MOST_TOKENIZERS) {
      known.clear();
    }
    String[] texts = known.computeIfAbsent(tokenizer, t -> new String[t.vocabularySize()]);
    if (texts[id] == null) {
      texts[id] = tokenizer.decode(new int[] {id});
    }
    return texts[id];
  }
}
