package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.PendingDraw;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Vocabulary projection and draw, some rows at a time: all logits of a large batch would be many
 * times as large as everything else. A device is given all pieces before anything is waited for.
 */
final class PieceDraw {

  /** Logits of a piece, at most: 256 MiB. */
  private static final int NUMBERS = 1 << 26;

  /** Rows of which a piece has a multiple, where it has so many: tiles of products stay whole. */
  private static final int TILE = 256;

  private final int pieceRows;
  private final Head head;
  private final RowDraw draw;
  private final Workspace workspace;
  private final PhaseWatch watch;

  /**
   * @param pieceRows of one piece, see {@link #pieceRows}
   * @param workspace of the head
   */
  PieceDraw(int pieceRows, Head head, RowDraw draw, Workspace workspace, PhaseWatch watch) {
    this.pieceRows = pieceRows;
    this.head = head;
    this.draw = draw;
    this.workspace = workspace;
    this.watch = watch;
  }

  /** Rows that are projected and drawn at once. */
  static int pieceRows(int states) {
    int rows = Math.max(1, NUMBERS / states);
    return rows < TILE ? rows : rows / TILE * TILE;
  }

  /**
   * @param layout of all wanted rows, as {@code own}
   * @return states of the rows from {@code from} up to {@code to}
   * @throws ArithmeticException if one of them cannot be drawn
   */
  int[] draw(RowLayout layout, int[] own, List<DrawRule> rules, int from, int to) {
    List<int[]> drawn = new ArrayList<>();
    List<PendingDraw> begun = new ArrayList<>();
    for (int start = from; start < to; start += pieceRows) {
      int end = Math.min(to, start + pieceRows);
      int[] piece = new int[end - start];
      drawn.add(piece);
      long mark = workspace.mark();
      watch.enter(Phase.HEAD);
      Tensor logits = head.logits(start, end);
      watch.enter(Phase.DRAW);
      begun.add(
          draw.begin(
              logits, layout.slice(start, end), Arrays.copyOfRange(own, start, end), rules, piece));
      workspace.release(mark);
    }
    begun.forEach(PendingDraw::await);
    if (drawn.size() == 1) {
      return drawn.getFirst();
    }
    return drawn.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
