package io.sedd.diffusion.backend.nd4j.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A kernel's own arrays. */
class ScopeTest {

  private final Device device = new Device(0);

  /** ND4J's close of what it takes for a view does nothing and says nothing. */
  @Test
  void everythingThatWasTakenIsGivenBack() {
    List<INDArray> taken;
    try (Scope scope = device.scope()) {
      taken =
          List.of(
              scope.floats(1),
              scope.floats(3, 5),
              scope.doubles(1, 1),
              scope.doubles(2, 7, 3),
              scope.doublesOf(scope.floats(4, 4)),
              scope.of(new float[] {1, 2}),
              scope.matrix(new double[] {1, 2, 3, 4}, 2),
              scope.column(new double[] {1}),
              scope.indices(new int[] {5}),
              scope.entries(new int[] {0, 1, 0}, 2));
      taken.forEach(array -> assertFalse(array.wasClosed()));
    }
    for (INDArray array : taken) {
      assertTrue(array.wasClosed(), array.shapeInfoToString());
    }
  }

  @Test
  void numbersGoToTheDeviceAndComeBack() {
    try (Scope scope = device.scope()) {
      INDArray column = scope.column(new double[] {1.5, -2, 1e300});
      assertArrayEquals(new double[] {1.5, -2, 1e300}, Scope.toHost(column));
      INDArray copy = scope.floats(2);
      Ops.assign(scope.of(new float[] {0.25f, Float.NaN}), copy);
      assertArrayEquals(
          new float[] {0.25f, Float.NaN}, Scope.onHost(copy).toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void entriesOfRowsAreReadAndSetAndNothingElse() {
    try (Scope scope = device.scope()) {
      INDArray matrix = scope.matrix(new double[] {1, 2, 3, 4, 5, 6}, 3);
      INDArray entries = scope.entries(new int[] {2, 0}, 3);
      assertArrayEquals(new double[] {3, 4}, scope.get(matrix, entries));
      scope.set(matrix, entries, -1);
      assertArrayEquals(new double[] {1, 2, -1, -1, 5, 6}, Scope.toHost(matrix));
      assertArrayEquals(new double[] {2, 10}, scope.rowSums(matrix));
    }
  }

  /** 128 TiB: more than a process can address. */
  @Test
  void wantOfMemoryIsToldFromOtherFaults() {
    DeviceException.OutOfMemory refused =
        assertThrows(DeviceException.OutOfMemory.class, () -> device.slab(1L << 45));
    assertTrue(refused.getMessage().startsWith("ND4J has no memory left on device 0"));
    assertThrows(
        IllegalStateException.class,
        () ->
            device.allocate(
                () -> {
                  throw new IllegalStateException("another fault");
                }));
  }
}
