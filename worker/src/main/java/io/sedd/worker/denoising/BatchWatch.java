package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.StepTimes;

/**
 * Sees the batch of one device as it denoises, changes nothing. Called on its denoising thread:
 * returns at once, throws nothing.
 */
public interface BatchWatch {

  /** Nobody looks. */
  BatchWatch NONE =
      new BatchWatch() {
        @Override
        public void stepped(StepTimes times, int filled) {}

        @Override
        public boolean looks() {
          return false;
        }

        @Override
        public boolean seeks(String jobId) {
          return false;
        }

        @Override
        public void sees(BatchView batch) {}
      };

  /**
   * A step of the whole batch was taken.
   *
   * @param times where its time went
   * @param filled positions that it filled
   */
  void stepped(StepTimes times, int filled);

  /** Whether somebody wants to see the batch now; asked in every turn, at least 10 a second. */
  boolean looks();

  /** Whether a job should be among those that are seen, where not all are. */
  boolean seeks(String jobId);

  /** The batch as it is, for who looks. */
  void sees(BatchView batch);
}
