package io.sedd.launcher.bench;

import io.sedd.diffusion.network.NetworkShape;
import io.sedd.protocol.spelling.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Networks that can be measured without a checkpoint, all for the absorbing graph. */
enum NamedShape {
  /** The official small model: 768 × 12, GPT-2's tokens. */
  SEDD_SMALL("sedd-small", 50_257, 768, 128, 1024, 12, 12),
  /** The official medium model: 1024 × 24. */
  SEDD_MEDIUM("sedd-medium", 50_257, 1024, 128, 1024, 24, 16),
  /** What a CPU trains in hours: 384 × 6, a vocabulary of its own. */
  SMALL_384X6("384x6", 1024, 384, 128, 256, 6, 6),
  /** The shape of the demo's checkpoint: 256 × 4. */
  DEMO("demo", 1024, 256, 32, 128, 4, 8);

  private final String label;
  private final int tokens;
  private final int hidden;
  private final int conditioning;
  private final int length;
  private final int blocks;
  private final int heads;

  NamedShape(
      String label, int tokens, int hidden, int conditioning, int length, int blocks, int heads) {
    this.label = label;
    this.tokens = tokens;
    this.hidden = hidden;
    this.conditioning = conditioning;
    this.length = length;
    this.blocks = blocks;
    this.heads = heads;
  }

  /**
   * The shape of that name.
   *
   * @throws IllegalArgumentException naming the nearest one and all of them
   */
  static NamedShape of(String name) {
    return Arrays.stream(values())
        .filter(shape -> shape.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no shape '"
                        + name
                        + "'; did you mean '"
                        + NearestName.of(name, names()).orElseThrow()
                        + "'? Known are "
                        + String.join(", ", names())));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(NamedShape::label).toList();
  }

  String label() {
    return label;
  }

  /** The network; one state more than tokens, the mask. */
  NetworkShape shape(OptionalInt otherTokens, OptionalInt otherLength) {
    return new NetworkShape(
        otherTokens.orElse(tokens) + 1,
        hidden,
        conditioning,
        otherLength.orElse(length),
        blocks,
        heads,
        true);
  }
}
