package io.sedd.trainer.training;

import io.sedd.diffusion.network.Parameters;
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
  private final Regime regime;

  /**
   * A step on the given parts.
   *
   * @param gradient of a network on the state's parameters
   * @param regime of its passes
   */
  public TrainingStep(
      SequenceSource source,
      BatchSize batch,
      Noising noising,
      Objective objective,
      Optimizer optimizer,
      OptimizerState state,
      LossGradient gradient,
      Regime regime) {
    this.source = source;
    this.batch = batch;
    this.noising = noising;
    this.objective = objective;
    this.optimizer = optimizer;
    this.state = state;
    this.gradient = gradient;
    this.regime = regime;
  }

  /**
   * Takes the next step.
   *
   * @throws TrainingDivergedException if a loss or the gradient is not finite, naming the sequence
   *     and the tensor; the parameters are left as they were
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
          gradient.add(
              objective.ask(noisy, step, first),
              regime.at(step, first),
              1.0 / batch.total(),
              state.gradients());
      requireFinite(step, first, losses);
      loss += Arrays.stream(losses).sum();
      tokens += clean.stream().mapToInt(c -> c.length).sum();
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
      throw new TrainingDivergedException(
          step + 1, e.getMessage() + notFinite("gradient", state.gradients()));
    }
  }

  private void requireFinite(int step, int first, double[] losses) {
    for (int i = 0; i < losses.length; i++) {
      if (!Double.isFinite(losses[i])) {
        throw new TrainingDivergedException(
            step + 1,
            "the loss of sequence %d of the step's %d is %s"
                    .formatted(first + i, batch.total(), losses[i])
                + notFinite("parameter", state.parameters()));
      }
    }
  }

  /** Where the fault shows first: tensors are in the order in which the network uses them. */
  private String notFinite(String kind, Parameters parameters) {
    List<String> names = optimizer.notFinite(parameters);
    return names.isEmpty()
        ? "; every %s is finite".formatted(kind)
        : "; not finite is the %s %s%s"
            .formatted(
                kind,
                names.getFirst(),
                names.size() == 1 ? "" : " (and %d others)".formatted(names.size() - 1));
  }
}
