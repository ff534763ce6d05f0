package io.sedd.diffusion.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a device that counts what it has given, and has no more than it was made with. */
class SlabWorkspaceTest {

  private static final long FIRST = 100;

  private final List<Long> made = new ArrayList<>();
  private long room = 10_000;
  private final Stack stack = new Stack();

  private final class Stack extends SlabWorkspace<Piece> {
    Stack() {
      super(4, FIRST, SlabWorkspaceTest.this::allocate);
    }

    @Override
    public Tensor take(int rows, int columns) {
      throw new UnsupportedOperationException("only stretches are looked at here");
    }
  }

  private final class Piece implements SlabWorkspace.Storage {
    private final long capacity;

    Piece(long capacity) {
      this.capacity = capacity;
      room -= capacity;
      made.add(capacity);
    }

    @Override
    public long capacity() {
      return capacity;
    }

    @Override
    public void close() {
      room += capacity;
    }
  }

  private Piece allocate(long size) {
    if (size > room) {
      throw new DeviceException.OutOfMemory(size + " of " + room, null);
    }
    return new Piece(size);
  }

  @Test
  void stretchesLieBesideEachOtherUntilASlabIsFull() {
    Piece first = stack.stretch(60);
    assertEquals(0, stack.offset());
    assertSame(first, stack.stretch(40));
    assertEquals(60, stack.offset());
    assertNotSame(first, stack.stretch(1));
    assertEquals(0, stack.offset());
    assertEquals(List.of(FIRST, FIRST), made);
    assertEquals(101, stack.mark());
  }

  @Test
  void theUnusedEndOfASlabCountsAndIsSkipped() {
    var _ = stack.stretch(60);
    var _ = stack.stretch(50);
    assertEquals(150, stack.mark(), "40 of the first slab are skipped");
    assertEquals(4 * 150, stack.peakBytes());
    stack.release(60);
    var _ = stack.stretch(40);
    assertEquals(60, stack.offset());
    assertEquals(100, stack.mark());
    assertEquals(4 * 150, stack.peakBytes());
  }

  @Test
  void anEmptiedStackOfSeveralSlabsBecomesOne() {
    for (int i = 0; i < 3; i++) {
      var _ = stack.stretch(90);
    }
    assertEquals(List.of(100L, 100L, 200L), made);
    stack.release(0);
    assertEquals(List.of(100L, 100L, 200L, 400L), made);
    Piece only = stack.stretch(90);
    for (int i = 1; i < 4; i++) {
      assertSame(only, stack.stretch(90));
      assertEquals(90L * i, stack.offset());
    }
    assertEquals(10_000 - 400, room);
    stack.close();
    assertEquals(10_000, room);
  }

  @Test
  void growingIsAWishWhereRoomIsShort() {
    room = 250;
    var _ = stack.stretch(90);
    var _ = stack.stretch(90);
    var _ = stack.stretch(40);
    assertEquals(List.of(100L, 100L, 40L), made, "doubling would need 200 of 50");
    assertThrows(DeviceException.OutOfMemory.class, () -> stack.stretch(20));
    assertEquals(240, stack.mark(), "nothing was taken");
    stack.release(200);
    var _ = stack.stretch(40);
  }

  @Test
  void slabsThatCannotBecomeOneAreTakenAnewWhenTheyAreWanted() {
    var _ = stack.stretch(100);
    var _ = stack.stretch(100);
    room = -100;
    stack.release(0);
    assertEquals(List.of(100L, 100L), made, "there is room for 100, not for 200");
    assertEquals(100, stack.stretch(80).capacity());
  }

  @Test
  void marksAboveTheStackAreRefused() {
    var _ = stack.stretch(10);
    assertThrows(IllegalArgumentException.class, () -> stack.release(11));
    assertThrows(IllegalArgumentException.class, () -> stack.release(-1));
  }
}
