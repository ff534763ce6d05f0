package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider;

/**
 * {@link Nd4jOperations} under a name of its own, so that tests can choose it where ND4J runs on a
 * processor.
 */
public final class OperationsProvider implements BackendProvider {

  /** Name by which tests choose it. */
  public static final String NAME = "nd4j-operations";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Availability probe() {
    return Nd4jOperations.probe(0);
  }

  @Override
  public Backend open(BackendOptions options) {
    return Nd4jOperations.open(options);
  }
}
