package io.sedd.trainer.objective;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.reference.FiniteDifferences;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import io.sedd.protocol.checkpoint.CheckpointConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gradient of every objective against finite differences of its loss. */
class ObjectiveGradientTest {

  private static final List<int[]> CLEAN =
      List.of(new int[] {0, 3, 1, 4}, new int[] {2, 2, 0, 1}, new int[] {4, 1, 3, 3});

  /** Times at which the ratios are of the order of 1, where differences can resolve all terms. */
  private static final double[] TIMES = {0.5, 0.7, 0.6};

  @ParameterizedTest
  @EnumSource
  void theGradientIsTheDerivativeOfTheLoss(CheckpointConfig.Objective type) {
    check(type, new Graph.Absorbing(5));
    check(type, new Graph.Uniform(5));
  }

  private static void check(CheckpointConfig.Objective type, Graph graph) {
    if (type == CheckpointConfig.Objective.AUTOREGRESSIVE && graph instanceof Graph.Uniform) {
      return; // its networks have the state that begins a sequence
    }
    DiffusionProcess process = new DiffusionProcess(graph, new NoiseSchedule.LogLinear());
    TrainingRandom random = new TrainingRandom(3);
    try (Backend backend = new ReferenceBackend();
        FiniteDifferences differences = new FiniteDifferences(backend, 4)) {
      NoisyBatch batch =
          new Noising(process, 1e-3, TimeSampling.INDEPENDENT, random).at(TIMES, 0, 0, CLEAN);
      Question question = Objective.of(type, process, random, backend).ask(batch, 0, 0);
      Tensor logits = differences.random(question.input().wanted().length, graph.states());
      Tensor gradient = differences.random(logits.rows(), logits.columns());
      ScoreModel model = new TabledScores(graph);
      double share = 0.25;
      question.loss().evaluate(model, logits, share, gradient);
      differences.check(
          type + ", " + graph,
          logits,
          () -> share * Arrays.stream(question.loss().evaluate(model, logits, 1, null)).sum(),
          gradient);
    }
  }
}
