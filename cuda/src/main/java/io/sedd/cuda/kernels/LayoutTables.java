package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.Element;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.RowLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Layouts on the device: where sequences start, the sequence and the position of each row, and the
 * tiles of attention. The last few are kept, as a step uses two of them (all rows, and those that
 * are still masked) in dozens of kernels; each is copied once, in one piece. An old one's memory is
 * written over without waiting, since the stream keeps the order. Those of captured graphs are
 * pinned: they stay as they are.
 */
final class LayoutTables implements AutoCloseable {

  private static final int KEPT = 4;

  /**
   * Device addresses.
   *
   * @param starts [S + 1]
   * @param sequenceOf [R]
   * @param positionOf [R]
   * @param tiles [tileCount][2]: sequence, first row within it
   */
  record Tables(long starts, long sequenceOf, long positionOf, long tiles, int tileCount) {}

  private static final class Slot {
    RowLayout layout;
    Tables tables;
    CudaTensor memory;
    long lastUse;
    int pins;
  }

  private final Device device;
  private final CudaMemory memory;
  private final List<Slot> slots = new ArrayList<>();
  private long uses;

  LayoutTables(Device device, CudaMemory memory) {
    this.device = device;
    this.memory = memory;
    for (int i = 0; i < KEPT; i++) {
      slots.add(new Slot());
    }
  }

  /** The layout's tables, good until four other layouts have been asked for. */
  Tables of(RowLayout layout) {
    return slot(layout).tables;
  }

  /** Keeps the layout's tables where they are until {@link #unpin}; may be asked for repeatedly. */
  void pin(RowLayout layout) {
    Slot slot = slot(layout);
    if (slot.pins++ == 0) {
      slots.add(new Slot());
    }
  }

  /** Takes back one pin; the memory serves other layouts then. */
  void unpin(RowLayout layout) {
    slot(layout).pins--;
  }

  @SuppressWarnings("ReferenceEquality") // layouts do not change, and comparing rows costs more
  private Slot slot(RowLayout layout) {
    Slot oldest = null;
    for (Slot slot : slots) {
      if (slot.layout == layout) {
        slot.lastUse = ++uses;
        return slot;
      }
      if (slot.pins == 0 && (oldest == null || slot.lastUse < oldest.lastUse)) {
        oldest = slot;
      }
    }
    // forgotten first: an error below must not leave a slot that holds half of another
    oldest.layout = null;
    oldest.tables = copied(layout, oldest);
    oldest.layout = layout;
    oldest.lastUse = ++uses;
    return oldest;
  }

  private Tables copied(RowLayout layout, Slot slot) {
    int tileCount = 0;
    for (int s = 0; s < layout.sequences(); s++) {
      tileCount += Math.ceilDiv(layout.length(s), AttentionKernels.TILE);
    }
    int starts = 2 * tileCount; // the tiles come first: pairs are read as 8 bytes
    int sequenceOf = starts + layout.sequences() + 1;
    int positionOf = sequenceOf + layout.rows();
    int[] all = new int[positionOf + layout.rows()];
    int at = 0;
    for (int s = 0; s < layout.sequences(); s++) {
      for (int row = 0; row < layout.length(s); row += AttentionKernels.TILE) {
        all[at++] = s;
        all[at++] = row;
      }
    }
    System.arraycopy(layout.starts(), 0, all, starts, layout.sequences() + 1);
    System.arraycopy(layout.sequenceOfRows(), 0, all, sequenceOf, layout.rows());
    System.arraycopy(layout.positionOfRows(), 0, all, positionOf, layout.rows());
    if (slot.memory == null || slot.memory.size() < all.length) {
      if (slot.memory != null) {
        slot.memory.close();
        slot.memory = null;
      }
      // half as much again, so that a batch which grows row by row does not allocate each time
      slot.memory = memory.unset(Element.F32, 1, Math.addExact(all.length, all.length / 2));
    }
    long address = slot.memory.address();
    device.driver().toDevice(device.stream(), MemorySegment.ofArray(all), address);
    return new Tables(
        address + 4L * starts,
        address + 4L * sequenceOf,
        address + 4L * positionOf,
        address,
        tileCount);
  }

  @Override
  public void close() {
    for (Slot slot : slots) {
      if (slot.memory != null) {
        slot.memory.close();
      }
    }
  }
}
