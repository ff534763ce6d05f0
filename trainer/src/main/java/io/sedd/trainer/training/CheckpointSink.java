package io.sedd.trainer.training;

import io.sedd.trainer.evaluation.BoundEstimate;
import io.sedd.trainer.optimizer.OptimizerState;
import java.util.Optional;

/** Where a run's checkpoints go. */
@FunctionalInterface
public interface CheckpointSink {

  /**
   * Writes a checkpoint, complete or not at all.
   *
   * @param heldOut latest held-out figures, if there are any
   * @return its name
   */
  String publish(OptimizerState state, Optional<BoundEstimate> heldOut);
}
