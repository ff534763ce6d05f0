package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.Head;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import java.util.Arrays;
import java.util.List;

/**
 * One step of lanes that share a model. All their tokens go through the network; only the open rows
 * (for the absorbing graph those still masked) reach the vocabulary projection and the draw.
 */
final class BatchStep {

  private final List<Lane> lanes;
  private final NetworkInput input;
  private final int[] own;
  private final List<DrawRule> rules;

  BatchStep(List<Lane> lanes, LastLayouts layouts) {
    this.lanes = lanes;
    RowLayout layout = layouts.of(lanes.stream().mapToInt(Lane::length).toArray());
    int[] tokens = new int[layout.rows()];
    int[] wanted = new int[lanes.stream().mapToInt(lane -> lane.open().length).sum()];
    int w = 0;
    for (int s = 0; s < lanes.size(); s++) {
      lanes.get(s).copyTokens(tokens, layout.start(s));
      for (int p : lanes.get(s).open()) {
        wanted[w++] = layout.start(s) + p;
      }
    }
    double[] sigma = lanes.stream().mapToDouble(Lane::sigma).toArray();
    this.input = NetworkInput.ofRows(layout, tokens, sigma, wanted);
    this.own = Arrays.stream(wanted).map(r -> tokens[r]).toArray();
    this.rules = lanes.stream().map(Lane::rule).toList();
  }

  /** Evaluates the model, draws, and moves every lane on or fails it. */
  void take(ScoreModel model, RowDraw draw, Workspace workspace, PhaseWatch watch) {
    long mark = workspace.mark();
    try {
      watch.enter(Phase.FORWARD);
      Head head = model.evaluate(input, workspace);
      PieceDraw pieces =
          new PieceDraw(PieceDraw.pieceRows(model.shape().states()), head, draw, workspace, watch);
      int[] drawn;
      try {
        drawn = pieces.draw(input.wantedLayout(), own, rules, 0, own.length);
      } catch (ArithmeticException _) {
        drawEachAlone(pieces);
        return;
      }
      watch.enter(Phase.HOST);
      for (int s = 0; s < lanes.size(); s++) {
        lanes.get(s).advance(drawn, input.wantedLayout().start(s));
      }
    } finally {
      watch.enter(Phase.HOST);
      workspace.release(mark);
    }
  }

  /**
   * Some row cannot be drawn. A draw has no memory, so all lanes draw again, one at a time: the
   * sound ones get what they would have got, the others fail with what the draw says.
   */
  private void drawEachAlone(PieceDraw pieces) {
    RowLayout layout = input.wantedLayout();
    for (int s = 0; s < lanes.size(); s++) {
      try {
        lanes.get(s).advance(pieces.draw(layout, own, rules, layout.start(s), layout.end(s)), 0);
      } catch (ArithmeticException e) {
        lanes.get(s).fail(e.getMessage());
      }
    }
  }
}
