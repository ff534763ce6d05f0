package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;

/**
 * One of the devices of a worker.
 *
 * @param index among the worker's devices, from 0
 * @param number which device of its kind, as the configuration names it
 * @param backend what computes on it; nobody else's
 */
public record Device(int index, int number, Backend backend) {

  /** As metrics, log lines and people call it. */
  public String label() {
    return String.valueOf(number);
  }
}
