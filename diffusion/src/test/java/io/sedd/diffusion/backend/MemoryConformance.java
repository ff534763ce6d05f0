package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.Twins.Twin;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors, views and the workspace; small whole numbers, so that every backend is exact. */
interface MemoryConformance {

  Backend backend();

  @Test
  default void aNewTensorIsZero() {
    try (Tensor tensor = backend().allocate(3, 5)) {
      assertArrayEquals(new float[15], backend().read(tensor));
    }
  }

  @Test
  default void whatIsWrittenIsRead() {
    float[] values = {1, -2, 3, -4, 5, -6};
    try (Tensor tensor = backend().allocate(2, 3)) {
      backend().write(MemorySegment.ofArray(values), tensor);
      assertArrayEquals(values, backend().read(tensor));
      assertArrayEquals(new float[] {-2, 3, -4}, backend().read(tensor.view(1, 3, 1)));
    }
  }

  @Test
  default void hostMemoryMayBeUnaligned() {
    byte[] bytes = new byte[1 + 4 * Float.BYTES];
    MemorySegment odd = MemorySegment.ofArray(bytes).asSlice(1);
    try (Tensor tensor = backend().allocate(2, 2);
        Tensor back = backend().allocate(2, 2)) {
      backend().write(MemorySegment.ofArray(new float[] {8, 9, 10, 11}), tensor);
      backend().read(tensor, odd);
      backend().write(odd, back);
      assertArrayEquals(new float[] {8, 9, 10, 11}, backend().read(back));
    }
  }

  @Test
  default void fillCopyAndAddStayInTheirView() {
    try (Twins twins = new Twins(backend(), 1)) {
      Twin a = twins.random(7, 13);
      Twin b = twins.random(13, 7);
      Twin c = twins.random(1, 91);
      twins.run(
          (on, side) -> {
            on.add(side.of(a), side.of(b));
            on.copy(side.of(b), side.of(c));
            on.fill(side.of(a), 3);
          });
      twins.assertClose("filled", a, 0);
      twins.assertClose("sum", b, 1e-6);
      twins.assertClose("copy", c, 1e-6);
    }
  }

  @Test
  default void aViewThatIsNotInsideIsRefused() {
    try (Tensor tensor = backend().allocate(2, 3)) {
      assertThrows(IllegalArgumentException.class, () -> tensor.view(1, 2, 3));
      assertThrows(IllegalArgumentException.class, () -> tensor.view(-1, 1, 1));
    }
  }

  @Test
  default void tensorsThatDoNotFitAreRefused() {
    try (Tensor six = backend().allocate(2, 3);
        Tensor four = backend().allocate(2, 2)) {
      assertThrows(IllegalArgumentException.class, () -> backend().copy(six, four));
      assertThrows(IllegalArgumentException.class, () -> backend().add(six, four));
      assertThrows(
          IllegalArgumentException.class,
          () -> backend().write(MemorySegment.ofArray(new float[5]), six));
      assertThrows(
          IllegalArgumentException.class,
          () -> backend().linear(six, four, null, Activation.NONE, null, four));
      assertThrows(
          IllegalArgumentException.class, () -> backend().embed(six, new int[] {0, 2}, six));
    }
  }

  @Test
  default void theWorkspaceKeepsWhatIsTakenUntilItsMarkIsReleased() {
    try (Workspace workspace = backend().workspace()) {
      Tensor below = workspace.take(5, 7);
      backend().fill(below, 1);
      long mark = workspace.mark();
      for (int round = 1; round <= 3; round++) {
        Tensor above = workspace.take(1000 * round, 91);
        Tensor top = workspace.take(3, 3);
        backend().fill(above, 2);
        backend().fill(top, 3);
        assertEquals(4.0 * 91_000 * round, backend().sumOfSquares(above));
        assertEquals(81, backend().sumOfSquares(top));
        assertEquals(35, backend().sumOfSquares(below));
        workspace.release(mark);
        assertEquals(mark, workspace.mark());
      }
    }
  }

  @Test
  default void aSteadyStepNeedsNoMoreMemory() {
    try (Workspace workspace = backend().workspace()) {
      long first = 0;
      for (int step = 0; step < 4; step++) {
        Tensor taken = workspace.take(300, 301);
        backend().fill(taken, 1);
        workspace.take(17, 1025);
        workspace.reset();
        if (step == 0) {
          first = workspace.peakBytes();
        }
      }
      assertTrue(first > 0);
      assertEquals(first, workspace.peakBytes());
    }
  }

  @Test
  default void aReleaseToAMarkAboveTheStackIsRefused() {
    try (Workspace workspace = backend().workspace()) {
      workspace.take(2, 2);
      long mark = workspace.mark();
      workspace.reset();
      assertThrows(IllegalArgumentException.class, () -> workspace.release(mark));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, 256, 300, 600, 900, 1024, 1025})
  default void addAgreesWithTheReference(int size) {
    try (Twins twins = new Twins(backend(), size)) {
      Twins.Twin source = twins.random(1, size);
      Twins.Twin target = twins.random(1, size);
      twins.run((on, side) -> on.add(side.of(source), side.of(target)));
      twins.assertClose("target", target, 0);
      twins.assertClose("source", source, 0);
    }
  }
}
