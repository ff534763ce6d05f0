package io.sedd.diffusion.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A workspace of stretches of a device's memory, out of few large pieces ("slabs") that are kept.
 * Sizes are in the backend's unit, numbers or bytes, and multiples of its alignment.
 *
 * <ul>
 *   <li>What does not fit the present slab goes to the next: what was taken never moves.
 *   <li>Each new slab doubles the whole where the device has room for that, and is else as large as
 *       it must be.
 *   <li>An emptied stack of several slabs becomes one of their sum, so that a steady step works in
 *       a single stretch, at the same addresses in every step, as a captured graph needs it.
 *   <li>Marks count from the bottom of the first slab on, the unused ends of slabs included.
 * </ul>
 *
 * @param <S> what a slab is
 */
public abstract class SlabWorkspace<S extends SlabWorkspace.Storage> implements Workspace {

  /** Memory of the device in one piece. */
  public interface Storage extends AutoCloseable {

    /** How much of it there is. */
    long capacity();

    /** Gives it back. */
    @Override
    void close();
  }

  private final int unit;
  private final long first;
  private final LongFunction<S> allocator;
  private final List<S> slabs = new ArrayList<>();
  private long offset;
  private long height;
  private long peak;

  /**
   * An empty workspace.
   *
   * @param unit bytes of what sizes are counted in
   * @param first least capacity of the first slab
   * @param allocator makes a slab of a capacity; throws {@link DeviceException.OutOfMemory} where
   *     the device has no room for it
   */
  protected SlabWorkspace(int unit, long first, LongFunction<S> allocator) {
    this.unit = unit;
    this.first = first;
    this.allocator = allocator;
  }

  /**
   * Takes a stretch, from {@link #offset} of the returned slab on.
   *
   * @throws DeviceException.OutOfMemory if the device has no room for it; nothing is taken then
   */
  protected final S stretch(long size) {
    long bottom = 0;
    for (S slab : slabs) {
      long start = Math.max(height, bottom);
      if (start + size <= bottom + slab.capacity()) {
        return taken(slab, start - bottom, start + size);
      }
      bottom += slab.capacity();
    }
    S slab = allocate(size, Math.max(first, bottom));
    slabs.add(slab);
    return taken(slab, 0, bottom + size);
  }

  private S allocate(long needed, long wanted) {
    if (wanted > needed) {
      try {
        return allocator.apply(wanted);
      } catch (DeviceException.OutOfMemory _) {
        // room to grow was a wish; what is needed may still fit
      }
    }
    return allocator.apply(needed);
  }

  private S taken(S slab, long start, long newHeight) {
    offset = start;
    height = newHeight;
    peak = Math.max(peak, height);
    return slab;
  }

  /** Where in its slab the stretch that was taken last begins. */
  protected final long offset() {
    return offset;
  }

  @Override
  public final long mark() {
    return height;
  }

  @Override
  public final void release(long mark) {
    if (mark < 0 || mark > height) {
      throw new IllegalArgumentException(
          "mark " + mark + " is not below the present height " + height + " of the workspace");
    }
    height = mark;
    if (height == 0 && slabs.size() > 1) {
      merge();
    }
  }

  private void merge() {
    long whole = slabs.stream().mapToLong(Storage::capacity).sum();
    close();
    try {
      slabs.add(allocator.apply(whole));
    } catch (DeviceException.OutOfMemory _) {
      // the device is in pieces, or somebody else was faster: the next step takes what it needs
    }
  }

  @Override
  public final long peakBytes() {
    return unit * peak;
  }

  @Override
  public final void close() {
    slabs.forEach(Storage::close);
    slabs.clear();
  }
}
