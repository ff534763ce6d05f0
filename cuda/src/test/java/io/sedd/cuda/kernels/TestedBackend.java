package io.sedd.cuda.kernels;

import io.sedd.cuda.CudaProvider;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;

/**
 * What the suites run on: the emulator, or with {@code -Dsedd.cuda.card=true} the card of this
 * machine, where each of them must hold as well.
 */
final class TestedBackend {

  /** Whether a card is there and is to be tested. */
  static final String CARD = "sedd.cuda.card";

  private TestedBackend() {}

  /**
   * A backend, owned by the caller.
   *
   * @throws io.sedd.diffusion.backend.BackendUnavailableException if a card was asked for and
   *     cannot be opened
   */
  static Backend open() {
    return Boolean.getBoolean(CARD)
        ? new CudaProvider().open(BackendOptions.defaults())
        : EmulatedBackend.open();
  }
}
