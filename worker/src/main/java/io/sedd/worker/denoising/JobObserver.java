package io.sedd.worker.denoising;

import io.sedd.protocol.job.GenerationResult;

/** Told of jobs that ran and ended, as to compare the checkpoints that they ran on. */
@FunctionalInterface
public interface JobObserver {

  /**
   * A job has ended on a checkpoint. Called on the denoising thread of its device, by several
   * threads at once where there are several devices: returns at once, throws nothing.
   */
  void ended(ServedCheckpoint checkpoint, GenerationResult result);
}
