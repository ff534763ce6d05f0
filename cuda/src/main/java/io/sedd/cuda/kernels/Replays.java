package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.memory.CudaMemory;
import io.sedd.cuda.memory.CudaTensor;
import io.sedd.diffusion.backend.RowLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kernels that steps call again and again, captured once and launched as one graph from then on: a
 * small batch would else wait for the host, which puts some 150 kernels on the stream for each step
 * of it.
 *
 * <ul>
 *   <li>A graph holds addresses. It is good as long as nothing has been freed since it was
 *       captured, so that its addresses still are what they were; its layout's tables are pinned.
 *   <li>Captured is what has run before without allocating anything: it will not do so now either,
 *       and all is compiled, chosen and in place.
 * </ul>
 */
final class Replays implements AutoCloseable {

  /** Set to {@code false}, every kernel is launched by itself. */
  static final String PROPERTY = "sedd.cuda.graphs";

  /** Different works that are known at a time. */
  private static final int MOST = 16;

  /**
   * @param owner compared by identity
   * @param layout compared by identity
   * @param addresses of the operands
   */
  private record Key(Object owner, RowLayout layout, List<Long> addresses) {

    @Override
    @SuppressWarnings("ReferenceEquality") // what is replayed is this very network on this layout
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.owner == owner
          && key.layout == layout
          && key.addresses.equals(addresses);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(layout) + addresses.hashCode();
    }
  }

  /** What is known of one work. */
  private static final class Entry {
    private long allocations;
    private long frees;
    private CapturedGraph graph;
  }

  private final Driver driver;
  private final Stream stream;
  private final CudaMemory memory;
  private final LayoutTables layouts;
  private final boolean on = !"false".equals(System.getProperty(PROPERTY));

  /** The one used last is last. */
  private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  Replays(Driver driver, Stream stream, CudaMemory memory, LayoutTables layouts) {
    this.driver = driver;
    this.stream = stream;
    this.memory = memory;
    this.layouts = layouts;
  }

  /**
   * Launches the work's graph, or captures and launches it.
   *
   * @return false where it is too early for that: the caller does the work itself
   */
  boolean run(Object owner, RowLayout layout, List<CudaTensor> operands, Runnable work) {
    if (!on) {
      return false;
    }
    Key key = new Key(owner, layout, operands.stream().map(CudaTensor::address).toList());
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry();
      entry.allocations = memory.allocations();
      entries.put(key, entry);
      forgetEldest();
      return false;
    }
    if (entry.graph != null && entry.frees != memory.frees()) {
      drop(key, entry);
      entry.allocations = memory.allocations();
      return false;
    }
    if (entry.graph == null) {
      if (entry.allocations != memory.allocations()) {
        entry.allocations = memory.allocations();
        return false;
      }
      layouts.pin(layout);
      entry.frees = memory.frees();
      entry.graph = driver.capture(stream, work);
    }
    driver.launch(stream, entry.graph);
    return true;
  }

  private void forgetEldest() {
    if (entries.size() > MOST) {
      Map.Entry<Key, Entry> eldest = entries.firstEntry();
      entries.remove(eldest.getKey());
      drop(eldest.getKey(), eldest.getValue());
    }
  }

  /** Waits for the graph's last run. */
  private void drop(Key key, Entry entry) {
    if (entry.graph != null) {
      driver.synchronize(stream);
      entry.graph.close();
      entry.graph = null;
      layouts.unpin(key.layout());
    }
  }

  @Override
  public void close() {
    entries.forEach(this::drop);
    entries.clear();
  }
}
