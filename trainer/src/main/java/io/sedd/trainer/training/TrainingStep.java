package io.sedd.trainer.training;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.network.ScoreNetwork;
import io.sedd.diffusion.network.TrainingPass;
import io.sedd.trainer.objective.DenoisingScoreEntropy;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One optimizer step: noise, forward, loss, backward for each part of the batch, then the update.
 * The sequences of step n (from 0) are those at n · batch and after it in the source.
 */
public final class TrainingStep implements AutoCloseable {

  private final SequenceSource source;
  private final BatchSize batch;
  private final Noising noising;
  private final DenoisingScoreEntropy entropy;
  private final Optimizer optimizer;
  private final OptimizerState state;
  private final ScoreNetwork network;
  private final Workspace workspace;

  /**
   * A step on the given parts.
   *
   * @param network on the state's parameters
   */
  public TrainingStep(
      SequenceSource source,
      BatchSize batch,
      Noising noising,
      Optimizer optimizer,
      OptimizerState state,
      ScoreNetwork network,
      Backend backend) {
    this.source = source;
    this.batch = batch;
    this.noising = noising;
    this.entropy = new DenoisingScoreEntropy(noising.graph(), backend);
    this.optimizer = optimizer;
    this.state = state;
    this.network = network;
    this.workspace = backend.workspace();
  }

  /**
   * Takes the next step.
   *
   * @throws TrainingDivergedException if a loss or the gradient is not finite; the parameters are
   *     left as they were
   */
  public StepReport take() {
    int step = state.step();
    double loss = 0;
    long tokens = 0;
    for (int part = 0; part < batch.accumulation(); part++) {
      int first = part * batch.sequences();
      List<int[]> clean =
          IntStream.range(first, first + batch.sequences())
              .mapToObj(i -> source.sequence((long) step * batch.total() + i))
              .toList();
      loss += accumulate(noising.apply(step, first, clean));
      tokens += clean.stream().mapToInt(c -> c.length).sum();
    }
    if (!Double.isFinite(loss)) {
      throw new TrainingDivergedException(step + 1, "the loss is " + loss);
    }
    Optimizer.Update update = update(step);
    return new StepReport(
        step + 1,
        loss / batch.total(),
        loss / tokens,
        update.gradientNorm(),
        update.step().learningRate(),
        tokens);
  }

  /** Adds the gradients of one part; gives the sum of its sequences' losses. */
  private double accumulate(NoisyBatch noisy) {
    if (noisy.nothingWanted()) {
      return 0;
    }
    workspace.reset();
    TrainingPass pass = network.forwardForTraining(noisy.input(), workspace);
    Tensor logits = pass.logits();
    double[] losses = entropy.evaluate(network, logits, noisy, 1.0 / batch.total(), logits);
    network.backward(pass, logits, state.gradients(), workspace);
    return java.util.Arrays.stream(losses).sum();
  }

  private Optimizer.Update update(int step) {
    try {
      return optimizer.update(state);
    } catch (ArithmeticException e) {
      throw new TrainingDivergedException(step + 1, e.getMessage());
    }
  }

  @Override
  public void close() {
    workspace.close();
  }
}
