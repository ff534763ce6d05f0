package io.sedd.trainer.optimizer;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.Parameters;

/**
 * Everything that changes with an update: parameters, gradients, both moments, the moving average,
 * and how many updates were taken. Belongs to the thread that trains.
 */
public final class OptimizerState implements AutoCloseable {

  private final Parameters parameters;
  private final Parameters gradients;
  private final Parameters firstMoment;
  private final Parameters secondMoment;
  private final Parameters average;
  private int step;

  /** Zeros, step 0: fill the parameters, then call {@link #startAverage}. */
  public OptimizerState(NetworkShape shape, Backend backend) {
    this.parameters = Parameters.create(shape, backend);
    this.gradients = Parameters.create(shape, backend);
    this.firstMoment = Parameters.create(shape, backend);
    this.secondMoment = Parameters.create(shape, backend);
    this.average = Parameters.create(shape, backend);
  }

  /** The moving average starts at the initial parameters. */
  public void startAverage(Backend backend) {
    backend.copy(parameters.flat(), average.flat());
  }

  /** The raw weights. */
  public Parameters parameters() {
    return parameters;
  }

  /** Gradients of the present step, added up by the backward passes. */
  public Parameters gradients() {
    return gradients;
  }

  /** m of AdamW. */
  public Parameters firstMoment() {
    return firstMoment;
  }

  /** v of AdamW. */
  public Parameters secondMoment() {
    return secondMoment;
  }

  /** The moving average of the parameters: what is evaluated and published. */
  public Parameters average() {
    return average;
  }

  /** Updates taken. */
  public int step() {
    return step;
  }

  /** Continues after {@code step} updates. */
  public void resumeAt(int step) {
    this.step = step;
  }

  void advance() {
    step++;
  }

  @Override
  public void close() {
    average.close();
    secondMoment.close();
    firstMoment.close();
    gradients.close();
    parameters.close();
  }
}
