package io.sedd.trainer.training;

import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.optimizer.OptimizerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The loop: steps until the limit of steps or time or the stop signal, held-out evaluations and
 * checkpoints on the way, and one of each at the end. A stop signal skips the last evaluation, so
 * that the process ends soon.
 */
public final class Trainer {

  /** Why a run ended. */
  public enum End {
    STEPS,
    TIME,
    STOPPED
  }

  private final TrainingStep step;
  private final OptimizerState state;
  private final Optional<Supplier<BoundEstimate>> heldOut;
  private final Sampling sampling;
  private final CheckpointSink checkpoints;
  private final RunLimits limits;
  private final List<TrainingObserver> observers;
  private final StopSignal stop;
  private final InstantSource clock;

  private Optional<BoundEstimate> latest = Optional.empty();
  private int evaluatedAt = -1;
  private int publishedAt = -1;

  /**
   * A run on the given parts.
   *
   * @param heldOut evaluates the moving average; absent where there is no held-out text
   */
  public Trainer(
      TrainingStep step,
      OptimizerState state,
      Optional<Supplier<BoundEstimate>> heldOut,
      Sampling sampling,
      CheckpointSink checkpoints,
      RunLimits limits,
      List<TrainingObserver> observers,
      StopSignal stop,
      InstantSource clock) {
    this.step = step;
    this.state = state;
    this.heldOut = heldOut;
    this.sampling = sampling;
    this.checkpoints = checkpoints;
    this.limits = limits;
    this.observers = List.copyOf(observers);
    this.stop = stop;
    this.clock = clock;
  }

  /**
   * Runs to the end, in the calling thread.
   *
   * @throws TrainingDivergedException if a step's loss or gradient is not finite; no checkpoint is
   *     written then
   */
  public End run() {
    Instant begin = clock.instant();
    publishedAt = state.step();
    observers.forEach(o -> o.started(state.step()));
    Optional<End> end = end(begin);
    while (end.isEmpty()) {
      StepReport report = step.take();
      observers.forEach(o -> o.stepTaken(report));
      if (RunLimits.due(state.step(), limits.evaluateEvery())) {
        evaluate();
      }
      if (RunLimits.due(state.step(), sampling.every())) {
        List<String> texts = sampling.texts().get();
        observers.forEach(o -> o.sampled(state.step(), texts));
      }
      if (RunLimits.due(state.step(), limits.checkpointEvery())) {
        publish();
      }
      end = end(begin);
    }
    if (end.get() != End.STOPPED) {
      evaluate();
    }
    publish();
    return end.get();
  }

  private Optional<End> end(Instant begin) {
    if (stop.requested()) {
      return Optional.of(End.STOPPED);
    }
    if (state.step() >= limits.steps()) {
      return Optional.of(End.STEPS);
    }
    boolean timeIsUp =
        !limits.duration().isZero()
            && Duration.between(begin, clock.instant()).compareTo(limits.duration()) >= 0;
    return timeIsUp ? Optional.of(End.TIME) : Optional.empty();
  }

  private void evaluate() {
    if (heldOut.isEmpty() || evaluatedAt == state.step()) {
      return;
    }
    BoundEstimate estimate = heldOut.get().get();
    latest = Optional.of(estimate);
    evaluatedAt = state.step();
    observers.forEach(o -> o.evaluated(state.step(), estimate));
  }

  private void publish() {
    if (publishedAt == state.step()) {
      return;
    }
    observers.forEach(TrainingObserver::publishing);
    String name = checkpoints.publish(state, latest);
    publishedAt = state.step();
    observers.forEach(o -> o.published(state.step(), name));
  }
}
