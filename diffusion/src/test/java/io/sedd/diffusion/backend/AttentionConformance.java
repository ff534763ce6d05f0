package io.sedd.diffusion.backend;

import io.sedd.diffusion.backend.Twins.Twin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rotary encoding and attention; scaled maximal error 1e-5 forward (the angle, up to 1024 radians,
 * needs more than fp32 for that) and 5e-5 backward.
 */
interface AttentionConformance {

  double FORWARD = 1e-5;
  double BACKWARD = 5e-5;

  Backend backend();

  /** Scaled maximal error of attend; more where the backend rounds the factors of its products. */
  default double attendLimit() {
    return FORWARD;
  }

  /** The same of its gradient. */
  default double attendBackwardLimit() {
    return BACKWARD;
  }

  private static List<RowLayout> layouts(int hidden) {
    List<RowLayout> layouts = new ArrayList<>(Layouts.ragged());
    if (hidden < 16) {
      layouts.add(RowLayout.ofLengths(1023));
      layouts.add(RowLayout.ofLengths(1025, 1));
    }
    return layouts;
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 6", "3, 10", "4, 16", "2, 64", "12, 64", "36, 64"})
  default void rotateAndItsGradientAgreeWithTheReference(int heads, int headSize) {
    int hidden = heads * headSize;
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin qkv = twins.random(layout.rows(), 3 * hidden);
        Twin dqkv = twins.random(layout.rows(), 3 * hidden);
        twins.run(
            (on, side) -> {
              on.rotate(side.of(qkv), heads, layout);
              on.rotateBackward(side.of(dqkv), heads, layout);
            });
        twins.assertClose("qkv, " + layout, qkv, FORWARD);
        twins.assertClose("dqkv, " + layout, dqkv, FORWARD);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "3, 5", "4, 16", "1, 32", "2, 64", "1, 96"})
  default void attendAgreesWithTheReference(int heads, int headSize) {
    int hidden = heads * headSize;
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin qkv = twins.random(layout.rows(), 3 * hidden, 2);
        Twin logSums = heads == 3 ? null : twins.unset(layout.rows(), heads);
        Twin mix = twins.unset(layout.rows(), hidden);
        for (AttentionMask mask : AttentionMask.values()) {
          twins.run(
              (on, side) ->
                  on.attend(side.of(qkv), heads, layout, mask, side.of(logSums), side.of(mix)));
          twins.assertClose("mix, " + layout + ", " + mask, mix, attendLimit());
          if (logSums != null) {
            twins.assertClose("logSums, " + layout + ", " + mask, logSums, attendLimit());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "3, 5", "4, 16", "1, 32", "2, 64", "1, 96"})
  default void attendBackwardAgreesWithTheReference(int heads, int headSize) {
    int hidden = heads * headSize;
    for (RowLayout layout : layouts(hidden)) {
      try (Twins twins = new Twins(backend(), hidden)) {
        Twin qkv = twins.random(layout.rows(), 3 * hidden);
        Twin logSums = twins.unset(layout.rows(), heads);
        Twin mix = twins.unset(layout.rows(), hidden);
        Twin dMix = twins.random(layout.rows(), hidden);
        Twin dqkv = twins.unset(layout.rows(), 3 * hidden);
        for (AttentionMask mask : AttentionMask.values()) {
          twins.run(
              (on, side) -> {
                on.attend(side.of(qkv), heads, layout, mask, side.of(logSums), side.of(mix));
                on.attendBackward(
                    side.of(dMix),
                    side.of(qkv),
                    side.of(mix),
                    side.of(logSums),
                    heads,
                    layout,
                    mask,
                    side.of(dqkv));
              });
          twins.assertClose("dqkv, " + layout + ", " + mask, dqkv, attendBackwardLimit());
        }
      }
    }
  }
}
