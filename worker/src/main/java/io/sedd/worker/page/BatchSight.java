package io.sedd.worker.page;

import io.sedd.diffusion.sampling.Phase;
import io.sedd.diffusion.sampling.StepTimes;
import io.sedd.worker.denoising.BatchView;
import io.sedd.worker.denoising.BatchWatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes over from the step loop of one device what the page shows of it: sums of every step, and
 * one view of the batch each time that somebody asks for one. Nobody asks while nobody looks.
 */
final class BatchSight implements BatchWatch {

  /**
   * What all steps so far came to.
   *
   * @param steps of the whole batch
   * @param filled positions
   * @param times where their time went
   */
  record Sums(long steps, long filled, StepTimes times) {

    static final Sums NONE = new Sums(0, 0, StepTimes.NONE);

    Sums plus(Sums other) {
      return new Sums(steps + other.steps, filled + other.filled, times.plus(other.times));
    }

    Sums minus(Sums earlier) {
      return new Sums(
          steps - earlier.steps,
          filled - earlier.filled,
          new StepTimes(
              between(Phase.FORWARD, earlier),
              between(Phase.HEAD, earlier),
              between(Phase.DRAW, earlier),
              between(Phase.HOST, earlier)));
    }

    private long between(Phase phase, Sums earlier) {
      return times.of(phase) - earlier.times.of(phase);
    }
  }

  /** Written by the denoising thread alone. */
  private volatile Sums sums = Sums.NONE;

  private final AtomicReference<BatchView> view = new AtomicReference<>(BatchView.EMPTY);
  private volatile boolean asked;

  // --- the denoising thread

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  public void stepped(StepTimes times, int filled) {
    Sums before = sums;
    sums = new Sums(before.steps + 1, before.filled + filled, before.times.plus(times));
  }

  @Override
  public boolean looks() {
    return asked;
  }

  @Override
  public boolean seeks(String jobId) {
    return PageJobs.isFromThePage(jobId);
  }

  @Override
  public void sees(BatchView batch) {
    asked = false;
    view.set(batch);
  }

  // --- others

  /** Asks for a view; it comes with the next turn of the loop. */
  void ask() {
    asked = true;
  }

  /** The last view that was asked for. */
  BatchView view() {
    return view.get();
  }

  Sums sums() {
    return sums;
  }
}
