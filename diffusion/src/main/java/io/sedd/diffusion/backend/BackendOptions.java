package io.sedd.diffusion.backend;

/**
 * What a backend is opened with.
 *
 * @param threads host threads for the kernels, at least 1
 * @param device which device of the backend's kind, from 0
 */
public record BackendOptions(int threads, int device) {

  /** All processors of this machine, first device. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors(), 0);
  }
}
