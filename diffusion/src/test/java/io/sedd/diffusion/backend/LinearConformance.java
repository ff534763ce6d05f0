package io.sedd.diffusion.backend;

import io.sedd.diffusion.backend.Twins.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matrix products; scaled maximal error 1e-5 forward and 3e-5 backward. In bf16 the reference
 * rounds the factors too; where a gradient went through an activation first, its last bit of fp32
 * may decide how it is rounded, and one number in a sum may differ by 2^-8.
 */
interface LinearConformance {

  double FORWARD = 1e-5;
  double BACKWARD = 3e-5;
  double ROUNDED_OTHERWISE = 4e-3;

  Backend backend();

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "2, 3, 5",
    "7, 13, 17",
    "31, 61, 1023",
    "3, 1024, 67",
    "5, 1025, 7",
    "67, 64, 192",
    "1023, 17, 31",
    "1025, 13, 1031",
    "5, 31, 1537"
  })
  default void linearAgreesWithTheReference(int rows, int in, int out) {
    for (Activation activation : Activation.values()) {
      for (boolean biased : new boolean[] {false, true}) {
        checkLinear(rows, in, out, activation, biased);
      }
    }
  }

  private void checkLinear(int rows, int in, int out, Activation activation, boolean biased) {
    try (Twins twins = new Twins(backend(), rows + in + out)) {
      Twin x = twins.random(rows, in);
      Twin weight = twins.random(out, in, 1 / Math.sqrt(in));
      Twin bias = biased ? twins.random(1, out) : null;
      Twin kept = biased ? twins.unset(rows, out) : null;
      Twin y = twins.unset(rows, out);
      twins.run(
          (on, side) ->
              on.linear(
                  side.of(x),
                  side.of(weight),
                  side.of(bias),
                  activation,
                  side.of(kept),
                  side.of(y)));
      twins.assertClose("y, " + activation, y, FORWARD);
      if (biased) {
        twins.assertClose("preActivation, " + activation, kept, FORWARD);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "2, 3, 5",
    "7, 13, 17",
    "31, 61, 1023",
    "3, 1024, 67",
    "5, 1025, 7",
    "67, 64, 192",
    "1023, 17, 31",
    "1025, 13, 1031",
    "5, 31, 1537",
    "700, 5, 7",
    "2600, 3, 5"
  })
  default void linearBackwardAgreesWithTheReference(int rows, int in, int out) {
    for (Activation activation : Activation.values()) {
      for (boolean wanted : new boolean[] {false, true}) {
        checkLinearBackward(rows, in, out, activation, wanted);
      }
    }
  }

  private void checkLinearBackward(
      int rows, int in, int out, Activation activation, boolean wanted) {
    try (Twins twins = new Twins(backend(), rows + in + out)) {
      Twin dy = twins.random(rows, out);
      Twin x = twins.random(rows, in);
      Twin weight = twins.random(out, in, 1 / Math.sqrt(in));
      Twin kept = activation == Activation.NONE ? null : twins.random(rows, out, 2);
      Twin dx = wanted ? twins.unset(rows, in) : null;
      Twin dWeight = twins.random(out, in);
      Twin dBias = wanted ? twins.random(1, out) : null;
      twins.run(
          (on, side) ->
              on.linearBackward(
                  side.of(dy),
                  side.of(x),
                  side.of(weight),
                  activation,
                  side.of(kept),
                  side.of(dx),
                  side.of(dWeight),
                  side.of(dBias)));
      double tolerance =
          activation != Activation.NONE && backend().precision() == Precision.BF16
              ? ROUNDED_OTHERWISE
              : BACKWARD;
      twins.assertClose("dy, " + activation, dy, BACKWARD);
      twins.assertClose("dWeight, " + activation, dWeight, tolerance);
      if (wanted) {
        twins.assertClose("dx, " + activation, dx, tolerance);
        twins.assertClose("dBias, " + activation, dBias, BACKWARD);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 13, 17", "31, 61, 1023", "3, 1024, 67", "300, 31, 1025"})
  default void aFrozenWeightGivesWhatTheWeightGives(int rows, int in, int out) {
    try (Twins twins = new Twins(backend(), rows + in + out)) {
      Twin x = twins.random(rows, in);
      Twin weight = twins.random(out, in, 1 / Math.sqrt(in));
      Twin bias = twins.random(1, out);
      Twin y = twins.unset(rows, out);
      twins.run(
          (on, side) -> {
            Tensor frozen = on.freeze(side.of(weight));
            on.linear(side.of(x), frozen, side.of(bias), Activation.GELU, null, side.of(y));
            if (frozen != side.of(weight)) {
              frozen.close();
            }
          });
      twins.assertClose("y", y, FORWARD);
    }
  }
}
