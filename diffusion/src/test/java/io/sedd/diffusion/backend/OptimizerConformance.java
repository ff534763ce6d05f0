package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sedd.diffusion.backend.Twins.Twin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AdamW and the norm of the gradient; scaled maximal error 2e-6 after three updates. */
@SuppressWarnings("ReferenceEquality") // which of the two backends is meant
interface OptimizerConformance {

  double LIMIT = 2e-6;

  Backend backend();

  /** So many numbers that each thread of the device has several of them. */
  default int manyNumbers() {
    return 100_003;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1024, 1025})
  default void adamWAgreesWithTheReference(int size) {
    checkAdamW(size, 3, 3e-2);
  }

  @Test
  default void adamWOfManyNumbersAgreesWithTheReference() {
    // of so many gradients some are near eps, where rounding shows: in proportion to the rate
    checkAdamW(manyNumbers(), 1, 3e-3);
  }

  private void checkAdamW(int size, int steps, double rate) {
    try (Twins twins = new Twins(backend(), size)) {
      Twin gradient = twins.random(1, size);
      Twin parameters = twins.random(size, 1);
      Twin first = twins.of(1, size, new float[size]);
      Twin second = twins.of(1, size, new float[size]);
      Twin average = twins.random(1, size);
      twins.run(
          (on, side) -> {
            for (int number = 1; number <= steps; number++) {
              on.adamW(
                  new AdamWStep(number, rate, 0.9, 0.999, 1e-8, 0.1, 0.3, 0.25, 0.2),
                  side.of(gradient),
                  side.of(parameters),
                  side.of(first),
                  side.of(second),
                  side.of(average));
            }
          });
      twins.assertClose("gradient", gradient, 0);
      twins.assertClose("parameters", parameters, LIMIT);
      twins.assertClose("first moment", first, LIMIT);
      twins.assertClose("second moment", second, LIMIT);
      twins.assertClose("average", average, LIMIT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 67, 1023, 1024, 1025})
  default void theSumOfSquaresIsTakenInDouble(int size) {
    checkSum(size);
  }

  @Test
  default void theSumOfSquaresOfManyNumbersIsTakenInDouble() {
    checkSum(manyNumbers());
  }

  private void checkSum(int size) {
    try (Twins twins = new Twins(backend(), size)) {
      Twin values = twins.random(1, size);
      double[] sums = new double[2];
      twins.run((on, side) -> sums[on == backend() ? 1 : 0] = on.sumOfSquares(side.of(values)));
      assertEquals(sums[0], sums[1], 1e-9 * sums[0]);
    }
  }

  @Test
  default void aNumberThatIsNotFiniteShowsInTheSumOfSquares() {
    try (Tensor tensor = backend().allocate(1, 1025)) {
      backend().fill(tensor.view(1024, 1, 1), Float.NaN);
      assertFalse(Double.isFinite(backend().sumOfSquares(tensor)));
      backend().fill(tensor.view(1024, 1, 1), Float.NEGATIVE_INFINITY);
      assertFalse(Double.isFinite(backend().sumOfSquares(tensor)));
    }
  }
}
