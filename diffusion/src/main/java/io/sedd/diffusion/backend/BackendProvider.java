package io.sedd.diffusion.backend;

/**
 * A kind of backend, found through {@link java.util.ServiceLoader}. Loading the provider must not
 * load the hardware's libraries.
 */
public interface BackendProvider {

  /** Name by which the backend is chosen. */
  String name();

  /** Order of choice where none is named: higher first; below 0 only when named. */
  int preference();

  /** Whether it can start here, and why or why not, in one sentence. */
  Availability probe();

  /**
   * Starts it.
   *
   * @throws BackendUnavailableException if it cannot start, saying what was looked for and what to
   *     do
   */
  Backend open(BackendOptions options);

  /** Answer of {@link #probe}. */
  record Availability(boolean available, String reason) {}
}
