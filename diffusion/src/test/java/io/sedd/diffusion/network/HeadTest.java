package io.sedd.diffusion.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.process.Graph;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadTest {

  private static final NetworkShape SHAPE = new NetworkShape(7, 8, 4, 16, 2, 2, true);
  private static final NetworkInput INPUT =
      NetworkInput.ofRows(
          RowLayout.ofLengths(3, 4),
          new int[] {6, 1, 6, 6, 2, 6, 6},
          new double[] {1, 0.3},
          new int[] {0, 2, 3, 5, 6});

  private final Backend backend = new ReferenceBackend();
  private final Workspace workspace = backend.workspace();
  private final Parameters weights = Parameters.create(SHAPE, backend);
  private final ScoreNetwork network = new ScoreNetwork(SHAPE, weights, backend);

  HeadTest() {
    // the official output layer begins with zeros, and so would all logits
    Initialization.official(weights, 1, backend);
    backend.fill(weights.tensor("output_layer.linear.weight"), 0.25f);
    for (int v = 0; v < SHAPE.states(); v++) {
      backend.fill(weights.tensor("output_layer.linear.weight").view(v * 8L + v, 1, 1), 1 + v);
    }
  }

  @AfterEach
  void close() {
    network.close();
    workspace.close();
    backend.close();
  }

  private void assertPiecesAreTheWhole(ScoreModel model) {
    float[] whole = backend.read(model.logits(INPUT, workspace));
    workspace.reset();
    assertEquals(true, Arrays.stream(toDoubles(whole)).distinct().count() > 5);
    Head head = model.evaluate(INPUT, workspace);
    for (int[] range : new int[][] {{0, 5}, {0, 2}, {2, 3}, {3, 5}}) {
      assertArrayEquals(
          Arrays.copyOfRange(whole, 7 * range[0], 7 * range[1]),
          backend.read(head.logits(range[0], range[1])),
          () -> Arrays.toString(range));
    }
    workspace.reset();
  }

  private static double[] toDoubles(float[] values) {
    double[] all = new double[values.length];
    Arrays.setAll(all, i -> values[i]);
    return all;
  }

  @Test
  void piecesOfANetworkAreRowsOfItsLogits() {
    assertPiecesAreTheWhole(network);
  }

  @Test
  void piecesOfAMeanPredictionAreScoresOfTheirOwnRows() {
    assertPiecesAreTheWhole(new MeanPrediction(network, new Graph.Absorbing(6), backend));
    assertPiecesAreTheWhole(new MeanPrediction(network, new Graph.Uniform(7), backend));
  }

  @Test
  void aModelWithoutAHeadGivesRowsOfWhatItHas() {
    assertPiecesAreTheWhole(
        new ScoreModel() {
          @Override
          public NetworkShape shape() {
            return SHAPE;
          }

          @Override
          public Tensor logits(NetworkInput input, Workspace memory) {
            return network.logits(input, memory);
          }
        });
  }
}
