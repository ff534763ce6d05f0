package io.sedd.diffusion.backend.nd4j;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;

/**
 * An NVIDIA card as ND4J tells of it.
 *
 * @param name of the card
 * @param major of its compute capability
 * @param minor of its compute capability
 */
record Card(String name, int major, int minor) {

  /** Compute capabilities that ND4J's CUDA binary has code for, as major · 10 + minor. */
  private static final int OLDEST = 37;

  private static final int NEWEST = 86;

  /**
   * The cards that ND4J sees, by their numbers; none where it runs on a processor.
   *
   * @param environment of ND4J
   */
  static List<Card> all(Properties environment) {
    return environment.get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY) instanceof List<?> cards
        ? cards.stream().map(card -> of((Map<?, ?>) card)).toList()
        : List.of();
  }

  private static Card of(Map<?, ?> card) {
    return new Card(
        String.valueOf(card.get(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY)),
        ((Number) card.get(Nd4jEnvironment.CUDA_DEVICE_MAJOR_VERSION_KEY)).intValue(),
        ((Number) card.get(Nd4jEnvironment.CUDA_DEVICE_MINOR_VERSION_KEY)).intValue());
  }

  /** Why ND4J cannot compute on it; empty where it can. */
  Optional<String> refusal() {
    int capability = 10 * major + minor;
    if (capability >= OLDEST && capability <= NEWEST) {
      return Optional.empty();
    }
    String refusal =
        "%s has compute capability %d.%d, and ND4J's CUDA binary has code for 3.7 to 8.6 only"
            .formatted(name, major, minor);
    return Optional.of(
        capability > NEWEST
            ? refusal + ": choose the backend 'cuda', which is for 8.0 and newer"
            : refusal + ": build without the profile cuda-11.6, for the processor");
  }

  @Override
  public String toString() {
    return "%s (compute capability %d.%d)".formatted(name, major, minor);
  }
}
