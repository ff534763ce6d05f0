package io.sedd.trainer.training;

import io.sedd.trainer.objective.LossGradient;
import io.sedd.trainer.objective.Noising;
import io.sedd.trainer.objective.NoisyBatch;
import io.sedd.trainer.objective.Objective;
import io.sedd.trainer.optimizer.Optimizer;
import io.sedd.trainer.optimizer.OptimizerState;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One optimizer step: noise, forward, loss, backward for each part of the batch, then the update.
 * The sequences of step n (from 0) are those at n · batch and after it in the source.
 */
public final class TrainingStep {

  private final SequenceSource source;
  private final BatchSize batch;
  private final Noising noising;
  private final Objective objective;
  private final Optimizer optimizer;
  private final OptimizerState state;
  private final LossGradient gradient;

  /**
   * A step on the given parts.
   *
   * @param gradient of a network on the state's parameters
   */
  public TrainingStep(
      SequenceSource source,
      BatchSize batch,
      Noising noising,
      Objective objective,
      Optimizer optimizer,
      OptimizerState state,
      LossGradient gradient) {
    this.source = source;
    this.batch = batch;
    this.noising = noising;
    this.objective = objective;
    this.optimizer = optimizer;
    this.state = state;
    this.gradient = gradient;
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
      NoisyBatch noisy = noising.apply(step, first, clean);
      double[] losses =
          gradient.add(objective.ask(noisy, step, first), 1.0 / batch.total(), state.gradients());
      loss += Arrays.stream(losses).sum();
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

  private Optimizer.Update update(int step) {
    try {
      return optimizer.update(state);
    } catch (ArithmeticException e) {
      throw new TrainingDivergedException(step + 1, e.getMessage());
    }
  }
}
