package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendProvider.Availability;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Precision;
import io.sedd.diffusion.backend.nd4j.ops.OpsBackend;
import io.sedd.diffusion.backend.nd4j.rows.RowKernels;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The backend where ND4J runs on a card: {@link OpsBackend}, with the draws of this package on the
 * host. It runs on a processor as well, far slower than {@link Nd4jBackend}, which tests make use
 * of.
 */
public final class Nd4jOperations {

  private Nd4jOperations() {}

  /**
   * Whether ND4J can compute here, and on what.
   *
   * @param device which of its cards, from 0
   */
  static Availability probe(int device) {
    return availability(backend(), cards(), device);
  }

  /**
   * Opens it on the device that ND4J runs on.
   *
   * @throws BackendUnavailableException for bf16, and for a card that is not there or that ND4J has
   *     no code for
   */
  public static Backend open(BackendOptions options) {
    Availability availability = probe(options.device());
    if (!availability.available()) {
      throw new BackendUnavailableException(
          "the nd4j backend cannot start: " + availability.reason());
    }
    String place = place(backend(), cards(), options.device());
    if (options.precision() == Precision.BF16) {
      throw new BackendUnavailableException(bf16Refusal(place));
    }
    RowKernels rows = RowKernels.best();
    return new OpsBackend(
        Nd4jBackend.NAME,
        description(place, options.threads(), rows.description()),
        options.device(),
        new RowDraws(rows, options.threads()));
  }

  private static String backend() {
    return Nd4j.getBackend().getClass().getSimpleName();
  }

  private static List<Card> cards() {
    return Card.all(Nd4j.getExecutioner().getEnvironmentInformation());
  }

  /**
   * @param backend of ND4J
   * @param cards that it sees; none where it runs on a processor
   */
  static Availability availability(String backend, List<Card> cards, int device) {
    if (!cards.isEmpty() && (device < 0 || device >= cards.size())) {
      return new Availability(
          false,
          "ND4J sees %d NVIDIA cards, counted from 0, and number %d was asked for"
              .formatted(cards.size(), device));
    }
    if (!cards.isEmpty() && cards.get(device).refusal().isPresent()) {
      return new Availability(false, cards.get(device).refusal().get());
    }
    return new Availability(true, "ND4J runs on " + place(backend, cards, device));
  }

  /** ND4J's backend and its card, as far as it tells. */
  static String place(String backend, List<Card> cards, int device) {
    return cards.isEmpty() ? backend : backend + ", " + cards.get(device);
  }

  /** The start-up line. */
  static String description(String place, int threads, String rows) {
    return ("ND4J's own operations on %s, fp32: oneDNN and the row kernels know a processor's"
            + " memory only; draws on the host, %d threads, %s")
        .formatted(place, threads, rows);
  }

  static String bf16Refusal(String place) {
    return ("the nd4j backend computes by ND4J's own operations on %s, which multiply in fp32:"
            + " choose the precision fp32 or default, or the backend 'cuda', which has bf16 on"
            + " NVIDIA cards of compute capability 8.0 and newer")
        .formatted(place);
  }
}
