package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.ops.OpsBackend;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The backend where ND4J runs on a card: {@link OpsBackend}, with the draws of this package on the
 * host. It runs on a processor as well, far slower than {@link Nd4jBackend}, which tests make use
 * of.
 */
public final class Nd4jOperations {

  private Nd4jOperations() {}

  /**
   * Opens it on the device that ND4J runs on.
   *
   * @throws BackendUnavailableException for bf16, and for a card that is not there or that ND4J has
   *     no code for
   */
  public static Backend open(BackendOptions options) {
    String on = on(options);
    if (options.precision() == Precision.BF16) {
      throw new BackendUnavailableException(
          "the nd4j backend multiplies in fp32 only by ND4J's own operations, on "
              + on
              + ": choose the precision fp32 or default, or the backend 'cuda' for NVIDIA cards of"
              + " compute capability 8.0 and newer");
    }
    RowKernels rows = RowKernels.best();
    return new OpsBackend(
        Nd4jBackend.NAME,
        "ND4J's own operations on %s, fp32: oneDNN and the row kernels work on a processor's memory only; draws on the host, %d threads, %s"
            .formatted(on, options.threads(), rows.description()),
        options.device(),
        new RowDraws(rows, options.threads()));
  }

  /** ND4J's backend and its card, as far as it tells. */
  static String on(BackendOptions options) {
    String backend = Nd4j.getBackend().getClass().getSimpleName();
    return Card.of(Nd4j.getExecutioner().getEnvironmentInformation(), options.device())
        .map(
            card -> {
              card.refusal()
                  .ifPresent(
                      refusal -> {
                        throw new BackendUnavailableException(
                            "the nd4j backend cannot start: " + refusal);
                      });
              return backend + ", " + card;
            })
        .orElse(backend);
  }
}
