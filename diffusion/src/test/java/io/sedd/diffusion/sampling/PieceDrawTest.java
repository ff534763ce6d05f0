package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.Head;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PieceDrawTest {

  private static final int STATES = 40;
  private static final RowLayout LAYOUT = RowLayout.ofLengths(7, 12, 4).select(wanted());
  private static final int ROWS = LAYOUT.rows();

  private final Backend backend = new ReferenceBackend();
  private final Workspace workspace = backend.workspace();
  private final List<String> events = new ArrayList<>();
  private final int[] own = new int[ROWS];
  private final float[] logits = new float[ROWS * STATES];

  PieceDrawTest() {
    Random random = new Random(4);
    Arrays.fill(own, STATES - 1);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
  }

  @AfterEach
  void close() {
    workspace.close();
    backend.close();
  }

  private static int[] wanted() {
    return new int[] {0, 2, 3, 7, 8, 9, 12, 14, 18, 20, 22};
  }

  private static List<DrawRule> rules() {
    List<DrawRule> rules = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      rules.add(new DrawRule(0.3, 0, 1.3, -0.3, -2, 1, 1, 11 + s, 0, 5));
    }
    return rules;
  }

  /** Rows of the logits, as a network's head gives them. */
  private Head head() {
    return (from, to) -> {
      events.add("head " + from + " " + to);
      Tensor piece = workspace.take(to - from, STATES);
      backend.write(
          MemorySegment.ofArray(Arrays.copyOfRange(logits, from * STATES, to * STATES)), piece);
      return piece;
    };
  }

  /** Each row's state is there when it is waited for, as on a device beside the host. */
  private PieceDraw pieces(int rows) {
    RowDraw late =
        (piece, layout, mine, rules, drawn) -> {
          int[] states = new int[drawn.length];
          Runnable draw = () -> backend.draw(piece, layout, mine, rules, states);
          Runnable failing = outcome(draw);
          return () -> {
            events.add("await");
            failing.run();
            System.arraycopy(states, 0, drawn, 0, drawn.length);
          };
        };
    return new PieceDraw(rows, head(), late, workspace, new PhaseWatch(() -> 0));
  }

  /** Does the work now and tells of its failure later. */
  private static Runnable outcome(Runnable work) {
    try {
      work.run();
      return () -> {};
    } catch (ArithmeticException e) {
      return () -> {
        throw e;
      };
    }
  }

  private int[] whole() {
    int[] drawn = new int[ROWS];
    backend.draw(head().logits(0, ROWS), LAYOUT, own, rules(), drawn);
    workspace.reset();
    return drawn;
  }

  @Test
  void piecesOfAnySizeDrawWhatTheWholeDraws() {
    int[] expected = whole();
    assertTrue(Arrays.stream(expected).distinct().count() > 3, "the draw moves rows");
    for (int rows : new int[] {1, 3, 4, ROWS, ROWS + 9}) {
      assertArrayEquals(expected, pieces(rows).draw(LAYOUT, own, rules(), 0, ROWS), rows + " rows");
    }
    int[] middle = Arrays.copyOfRange(expected, 2, 9);
    assertArrayEquals(middle, pieces(3).draw(LAYOUT, own, rules(), 2, 9));
  }

  @Test
  void memoryIsThatOfOnePiece() {
    pieces(3).draw(LAYOUT, own, rules(), 0, ROWS);
    assertTrue(
        workspace.peakBytes() < 2 * 3 * STATES * Float.BYTES,
        () -> workspace.peakBytes() + " bytes");
    assertEquals(0, workspace.mark());
  }

  @Test
  void theDeviceHasAllPiecesBeforeAnythingIsWaitedFor() {
    pieces(4).draw(LAYOUT, own, rules(), 0, ROWS);
    assertEquals(List.of("head 0 4", "head 4 8", "head 8 11", "await", "await", "await"), events);
  }

  @Test
  void aRowThatCannotBeDrawnIsAnErrorOfThatRange() {
    logits[9 * STATES + 5] = Float.NaN;
    assertThrows(ArithmeticException.class, () -> pieces(4).draw(LAYOUT, own, rules(), 0, ROWS));
    assertEquals(8, pieces(4).draw(LAYOUT, own, rules(), 0, 8).length);
    assertEquals(1, pieces(4).draw(LAYOUT, own, rules(), 10, 11).length);
  }

  @Test
  void aPieceHasWholeTilesOfRowsAndAtLeastOne() {
    assertEquals(1280, PieceDraw.pieceRows(50_258));
    assertEquals(1, PieceDraw.pieceRows(Integer.MAX_VALUE));
    assertEquals(0, PieceDraw.pieceRows(1_025) % 256);
  }
}
