package io.sedd.diffusion.sampling;

import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.ScoreModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One step of lanes that share a model. All their tokens go through the network; only the open rows
 * (for the absorbing graph those still masked) reach the vocabulary projection and the draw.
 */
final class BatchStep {

  private final List<Lane> lanes;
  private final NetworkInput input;
  private final int[] own;
  private final List<DrawRule> rules;

  BatchStep(List<Lane> lanes) {
    this.lanes = lanes;
    RowLayout layout = RowLayout.ofLengths(lanes.stream().mapToInt(Lane::length).toArray());
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
      int[] drawn = new int[own.length];
      watch.enter(Phase.FORWARD);
      Tensor logits = model.logits(input, workspace, () -> watch.enter(Phase.HEAD));
      watch.enter(Phase.DRAW);
      try {
        draw.draw(logits, input.wantedLayout(), own, rules, drawn);
      } catch (ArithmeticException _) {
        drawEachAlone(logits, draw);
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
  private void drawEachAlone(Tensor logits, RowDraw draw) {
    RowLayout layout = input.wantedLayout();
    for (int s = 0; s < lanes.size(); s++) {
      int start = layout.start(s);
      int[] rows = IntStream.range(start, layout.end(s)).toArray();
      int[] drawn = new int[rows.length];
      try (Tensor mine =
          logits.view((long) start * logits.columns(), rows.length, logits.columns())) {
        draw.draw(
            mine, layout.select(rows), Arrays.copyOfRange(own, start, layout.end(s)), rules, drawn);
        lanes.get(s).advance(drawn, 0);
      } catch (ArithmeticException e) {
        lanes.get(s).fail(e.getMessage());
      }
    }
  }
}
