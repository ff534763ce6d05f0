package io.sedd.worker.denoising;

import java.time.Duration;

/** A step has not returned. The thread that takes it cannot be ended: its process has to be. */
public final class HungStepException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  HungStepException(Device device, Duration since) {
    super(
        "a step on device "
            + device.label()
            + " has not returned for "
            + since.toSeconds()
            + " s: it is taken for hung; the worker ends so that others get its jobs");
  }
}
