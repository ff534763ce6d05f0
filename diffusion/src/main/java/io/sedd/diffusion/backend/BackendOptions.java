package io.sedd.diffusion.backend;

/**
 * What a backend is opened with.
 *
 * @param threads host threads for the kernels, at least 1
 * @param device which device of the backend's kind, from 0
 * @param precision of the matrix products; one that the backend does not have here is an error
 */
public record BackendOptions(int threads, int device, Precision precision) {

  /** In the backend's usual precision. */
  public BackendOptions(int threads, int device) {
    this(threads, device, Precision.DEFAULT);
  }

  /** All processors of this machine, first device, usual precision. */
  public static BackendOptions defaults() {
    return of(Precision.DEFAULT);
  }

  /** All processors of this machine, first device. */
  public static BackendOptions of(Precision precision) {
    return new BackendOptions(Runtime.getRuntime().availableProcessors(), 0, precision);
  }
}
