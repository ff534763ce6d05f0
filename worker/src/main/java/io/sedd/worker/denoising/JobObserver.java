package io.sedd.worker.denoising;

import io.sedd.protocol.job.GenerationResult;

/** Told of jobs that ran and ended, as to compare the checkpoints that they ran on. */
@FunctionalInterface
public interface JobObserver {

  /**
   * A job has ended on a checkpoint. Called on the denoising thread: returns at once, throws
   * nothing.
   */
  void ended(ServedCheckpoint checkpoint, GenerationResult result);
}
