package io.sedd.trainer.training;

import io.sedd.trainer.evaluation.BoundEstimate;
import java.util.List;

/** Who watches a run; called on its thread, between steps. */
public interface TrainingObserver extends AutoCloseable {

  /** Watches nothing. */
  TrainingObserver NONE = new TrainingObserver() {};

  /** The run begins or resumes after {@code step} updates. */
  default void started(int step) {}

  /** A step was taken. */
  default void stepTaken(StepReport report) {}

  /** The moving average was evaluated on held-out text. */
  default void evaluated(int step, BoundEstimate heldOut) {}

  /** Texts were drawn from the moving average. */
  default void sampled(int step, List<String> texts) {}

  /** A checkpoint is about to be written; what a resumed run must find is to be safe by then. */
  default void publishing() {}

  /** A checkpoint stands. */
  default void published(int step, String name) {}

  @Override
  default void close() {}
}
