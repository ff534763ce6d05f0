package io.sedd.diffusion.backend;

import io.sedd.diffusion.backend.Twins.Twin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels row by row with something of their sequence: norm, gate, embedding, gather. Scaled
 * maximal error 1e-5 forward, 3e-5 backward, 0 where rows are only moved.
 */
interface SequenceConformance {

  double FORWARD = 1e-5;
  double BACKWARD = 3e-5;

  /** Bits in both halves, as the seeds of jobs have them. */
  long SEED = 0x9E37_79B9_7F4A_7C15L;

  Backend backend();

  private static List<RowLayout> layouts(int hidden) {
    List<RowLayout> layouts = new ArrayList<>(Layouts.ragged());
    layouts.add(Layouts.selection());
    if (hidden < 100) {
      layouts.add(RowLayout.ofLengths(301)); // loops over rows go round more than once
    }
    return layouts;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 67, 1023, 1024, 1025, 2311})
  default void normModulateAgreesWithTheReference(int hidden) {
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin x = twins.random(layout.rows(), hidden, 3);
        Twin weight = twins.random(1, hidden);
        Twin modulation = twins.random(layout.sequences(), 3 * hidden + 1);
        Twin statistics = hidden % 2 == 0 ? null : twins.unset(layout.rows(), 2);
        Twin z = twins.unset(layout.rows(), hidden);
        twins.run(
            (on, side) ->
                on.normModulate(
                    side.of(x),
                    side.of(weight),
                    side.of(modulation),
                    2 * hidden + 1,
                    hidden - 1,
                    layout,
                    side.of(statistics),
                    side.of(z)));
        twins.assertClose("z, " + layout, z, FORWARD);
        if (statistics != null) {
          twins.assertClose("statistics, " + layout, statistics, FORWARD);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 67, 1023, 1024, 1025, 2311})
  default void normModulateBackwardAgreesWithTheReference(int hidden) {
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin x = twins.random(layout.rows(), hidden, 3);
        Twin weight = twins.random(1, hidden);
        Twin modulation = twins.random(layout.sequences(), 3 * hidden + 1);
        Twin statistics = twins.unset(layout.rows(), 2);
        Twin z = twins.unset(layout.rows(), hidden);
        Twin dz = twins.random(layout.rows(), hidden);
        Twin dx = twins.random(layout.rows(), hidden);
        Twin dWeight = twins.random(1, hidden);
        Twin dModulation = twins.random(layout.sequences(), 3 * hidden + 1);
        int shift = 2 * hidden + 1;
        int scale = hidden - 1;
        twins.run(
            (on, side) -> {
              on.normModulate(
                  side.of(x),
                  side.of(weight),
                  side.of(modulation),
                  shift,
                  scale,
                  layout,
                  side.of(statistics),
                  side.of(z));
              on.normModulateBackward(
                  side.of(dz),
                  side.of(x),
                  side.of(weight),
                  side.of(modulation),
                  shift,
                  scale,
                  layout,
                  side.of(statistics),
                  side.of(dx),
                  side.of(dWeight),
                  side.of(dModulation));
            });
        twins.assertClose("dx, " + layout, dx, BACKWARD);
        twins.assertClose("dWeight, " + layout, dWeight, BACKWARD);
        twins.assertClose("dModulation, " + layout, dModulation, BACKWARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1025, 2311})
  default void addGatedAgreesWithTheReference(int hidden) {
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin branch = twins.random(layout.rows(), hidden);
        Twin modulation = twins.random(layout.sequences(), 2 * hidden + 1);
        Twin x = twins.random(layout.rows(), hidden);
        twins.run(
            (on, side) ->
                on.addGated(side.of(branch), side.of(modulation), hidden, layout, side.of(x)));
        twins.assertClose("x, " + layout, x, FORWARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1025, 2311})
  default void addGatedBackwardAgreesWithTheReference(int hidden) {
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin dx = twins.random(layout.rows(), hidden);
        Twin branch = twins.random(layout.rows(), hidden);
        Twin modulation = twins.random(layout.sequences(), 2 * hidden + 1);
        Twin dBranch = twins.unset(layout.rows(), hidden);
        Twin dModulation = twins.random(layout.sequences(), 2 * hidden + 1);
        twins.run(
            (on, side) ->
                on.addGatedBackward(
                    side.of(dx),
                    side.of(branch),
                    side.of(modulation),
                    hidden,
                    layout,
                    side.of(dBranch),
                    side.of(dModulation)));
        twins.assertClose("dx, " + layout, dx, 0);
        twins.assertClose("dBranch, " + layout, dBranch, BACKWARD);
        twins.assertClose("dModulation, " + layout, dModulation, BACKWARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 6, 67, 1023, 1024, 1025, 2311})
  default void dropoutDropsWhatTheReferenceDrops(int hidden) {
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin x = twins.random(layout.rows(), hidden);
        Dropout dropout = new Dropout(0.3, SEED, 17, 3);
        twins.run((on, side) -> on.dropout(dropout, 4, layout, side.of(x)));
        twins.assertClose("x, " + layout, x, 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1025, 2311})
  default void embedAndItsGradientAgreeWithTheReference(int hidden) {
    try (Twins twins = new Twins(backend(), hidden)) {
      int[] tokens = twins.indices(301, 13);
      Twin table = twins.random(13, hidden);
      Twin x = twins.unset(tokens.length, hidden);
      Twin dx = twins.random(tokens.length, hidden);
      Twin dTable = twins.random(13, hidden);
      twins.run(
          (on, side) -> {
            on.embed(side.of(table), tokens, side.of(x));
            on.embedBackward(side.of(dx), tokens, side.of(dTable));
          });
      twins.assertClose("x", x, 0);
      twins.assertClose("dTable", dTable, BACKWARD);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1025, 2311})
  default void gatherRowsAndItsGradientAgreeWithTheReference(int hidden) {
    int[] rows = {0, 3, 4, 10, 12};
    try (Twins twins = new Twins(backend(), hidden)) {
      Twin x = twins.random(13, hidden);
      Twin y = twins.unset(rows.length, hidden);
      Twin dy = twins.random(rows.length, hidden);
      Twin dx = twins.random(13, hidden);
      twins.run(
          (on, side) -> {
            on.gatherRows(side.of(x), rows, side.of(y));
            on.gatherRowsBackward(side.of(dy), rows, side.of(dx));
          });
      twins.assertClose("y", y, 0);
      twins.assertClose("dx", dx, 1e-6);
    }
  }

  /** A step in which no position is masked any more. */
  @Test
  default void noRowsAtAllAreNoTrouble() {
    RowLayout none = RowLayout.ofLengths(2, 3).select(new int[0]);
    try (Twins twins = new Twins(backend(), 1)) {
      Twin x = twins.random(5, 7);
      Twin y = twins.random(0, 7);
      Twin z = twins.random(0, 7);
      Twin weight = twins.random(1, 7);
      Twin modulation = twins.random(2, 14);
      Twin square = twins.random(7, 7);
      twins.run(
          (on, side) -> {
            on.gatherRows(side.of(x), new int[0], side.of(y));
            on.normModulate(
                side.of(y), side.of(weight), side.of(modulation), 0, 7, none, null, side.of(z));
            on.linear(side.of(z), side.of(square), null, Activation.NONE, null, side.of(y));
            on.draw(side.of(y), none, new int[0], Rules.absorbing(2), new int[0]);
          });
      twins.assertClose("y", y, 0);
    }
  }
}
