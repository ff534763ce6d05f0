package io.sedd.trainer.evaluation;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;

/**
 * The exact score of pairs of tokens from a known distribution: s(y) = p_sigma(state with y) /
 * p_sigma(state), by summing over all clean pairs.
 */
@SuppressWarnings("ArrayRecordComponent") // a table that nobody changes or compares
record ExactScores(double[][] p0, Graph graph, Backend backend) implements ScoreModel {

  @Override
  public NetworkShape shape() {
    return new NetworkShape(graph.states(), 2, 1, 2, 1, 1, false);
  }

  @Override
  public Tensor logits(NetworkInput input, Workspace workspace) {
    int states = graph.states();
    float[] logits = new float[input.wanted().length * states];
    RowLayout layout = input.wantedLayout();
    for (int i = 0; i < input.wanted().length; i++) {
      int sequence = layout.sequenceOf(i);
      int start = input.layout().start(sequence);
      int[] state = {input.tokens()[start], input.tokens()[start + 1]};
      double sigma = input.sigma()[sequence];
      double here = probability(state, sigma);
      int position = layout.positionOf(i);
      int own = state[position];
      for (int y = 0; y < states; y++) {
        state[position] = y;
        logits[i * states + y] = y == own ? 0 : (float) Math.log(probability(state, sigma) / here);
      }
    }
    Tensor tensor = workspace.take(input.wanted().length, states);
    backend.write(MemorySegment.ofArray(logits), tensor);
    return tensor;
  }

  private double probability(int[] state, double sigma) {
    double sum = 0;
    for (int a = 0; a < p0.length; a++) {
      double first = graph.transition(a, state[0], sigma);
      if (first > 0) {
        for (int b = 0; b < p0.length; b++) {
          sum += p0[a][b] * first * graph.transition(b, state[1], sigma);
        }
      }
    }
    return sum;
  }
}
