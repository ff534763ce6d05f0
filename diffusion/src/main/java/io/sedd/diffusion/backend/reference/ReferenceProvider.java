package io.sedd.diffusion.backend.reference;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;

/** Offers {@link ReferenceBackend}, only where it is named. */
public final class ReferenceProvider implements BackendProvider {

  @Override
  public String name() {
    return ReferenceBackend.NAME;
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Availability probe() {
    return new Availability(true, "plain Java runs everywhere");
  }

  @Override
  public Backend open(BackendOptions options) {
    return new ReferenceBackend(options.precision());
  }
}
