package io.sedd.diffusion.backend;

import java.util.List;
import java.util.stream.IntStream;

/** Ragged layouts of the awkward kinds. */
final class Layouts {

  private Layouts() {}

  /** Whole sequences, those of length 1 among them. */
  static List<RowLayout> ragged() {
    return List.of(
        RowLayout.ofLengths(1),
        RowLayout.ofLengths(2),
        RowLayout.ofLengths(1, 1, 1),
        RowLayout.ofLengths(1, 7, 2, 31, 1),
        RowLayout.ofLengths(67, 3));
  }

  /** Every third row of some sequences and none of others: the rows that are still masked. */
  static RowLayout selection() {
    RowLayout whole = RowLayout.ofLengths(5, 1, 30, 2, 17);
    return whole.select(
        IntStream.range(0, whole.rows())
            .filter(r -> r % 3 == 1 && whole.sequenceOf(r) % 2 == 0)
            .toArray());
  }
}
