package io.sedd.trainer.training;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointException;
import io.sedd.protocol.checkpoint.CheckpointNames;
import io.sedd.protocol.checkpoint.CheckpointStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Whether a run goes on from the checkpoints in its folder. */
public enum Resume {
  /** If there is something to go on from. */
  AUTO,
  /** There must be something to go on from. */
  REQUIRED,
  /** From the beginning, in a folder with no checkpoints. */
  NEVER;

  /**
   * The newest checkpoint of the store, verified, if the run goes on from it. One that a killed
   * trainer published but did not name becomes the latest.
   *
   * @throws CheckpointException if what is in the store does not allow what is wanted: a run that
   *     began anew among the checkpoints of another would collide with their names
   */
  Optional<Checkpoint> from(CheckpointStore store) throws IOException {
    List<String> steps =
        store.list().stream().filter(name -> CheckpointNames.stepOf(name).isPresent()).toList();
    if (steps.isEmpty()) {
      if (this == REQUIRED) {
        throw new CheckpointException(
            "there is no checkpoint to resume from; leave --resume out to begin a new run");
      }
      return Optional.empty();
    }
    String newest = steps.getLast();
    if (this == NEVER) {
      throw new CheckpointException(
          "the checkpoint folder holds "
              + newest
              + " already; begin a new run in another folder, or resume this one");
    }
    Checkpoint checkpoint = store.open(newest);
    if (!TrainingStateFile.isIn(checkpoint.training())) {
      throw new CheckpointException(
          checkpoint.folder()
              + " was published without training state, so the run cannot go on from it; begin a"
              + " new run in another folder");
    }
    checkpoint.verifyWithTraining();
    if (!store.latest().equals(Optional.of(newest))) {
      store.makeLatest(newest);
    }
    return Optional.of(checkpoint);
  }
}
