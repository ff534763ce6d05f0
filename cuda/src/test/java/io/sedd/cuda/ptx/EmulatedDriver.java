package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Event;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.HostMemory;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.ptx.machine.Checks;
import io.sedd.cuda.ptx.machine.GlobalMemory;
import io.sedd.cuda.ptx.machine.KernelFault;
import io.sedd.cuda.ptx.machine.Launch;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A device that is a program: streams run at once, or, on a {@linkplain #lazy lazy} device, as late
 * as they may; graphs run again what they recorded. A kernel that does what it must not do is a
 * {@link KernelFault} of the launch, whose message names the instruction and the thread; the device
 * lives on.
 *
 * <p>Every method holds the driver's monitor, which guards memory and the graph in the making.
 */
public final class EmulatedDriver implements Driver {

  private static final long MEMORY = 2L << 30;

  private final DeviceProperties properties;
  private final Checks checks;
  private final GlobalMemory memory;
  private final boolean lazy;
  private final List<EmulatedStream> streams = new ArrayList<>();
  private List<Runnable> recording;
  private Stream recorded;
  private long steps;
  private int graphLaunches;

  /** A card of compute capability 8.0 or newer, with all checks. */
  public EmulatedDriver(int major, int minor) {
    this(
        new DeviceProperties("PTX emulator", major, minor, 4, 232_448, MEMORY, 13_000), Checks.ALL);
  }

  public EmulatedDriver(DeviceProperties properties, Checks checks) {
    this(properties, checks, false);
  }

  private EmulatedDriver(DeviceProperties properties, Checks checks, boolean lazy) {
    this.lazy = lazy;
    this.properties = properties;
    this.checks = checks;
    this.memory = new GlobalMemory(checks.uninitialised());
  }

  /**
   * The same with streams that do nothing before somebody waits for them, so that who relies on
   * another stream without an event reads memory that has not been written.
   */
  public static EmulatedDriver lazy(int major, int minor, Checks checks) {
    EmulatedDriver eager = new EmulatedDriver(major, minor);
    return new EmulatedDriver(eager.properties, checks, true);
  }

  @Override
  public DeviceProperties properties() {
    return properties;
  }

  /** Instructions of threads that were run since it began. */
  public synchronized long steps() {
    return steps;
  }

  @Override
  public synchronized long freeBytes() {
    return properties.totalBytes() - memory.used();
  }

  @Override
  public synchronized long allocate(long bytes) {
    refuseWhileRecording("allocate");
    if (bytes < 1) {
      throw new IllegalArgumentException(bytes + " bytes");
    }
    if (bytes > freeBytes() || bytes > Integer.MAX_VALUE - 16) {
      throw new DeviceException.OutOfMemory(
          "%,d bytes of device memory wanted, %,d are free".formatted(bytes, freeBytes()), null);
    }
    return memory.allocate((int) bytes, "allocation");
  }

  @Override
  public synchronized void free(long address) {
    refuseWhileRecording("free");
    streams.forEach(EmulatedStream::drain);
    memory.free(address);
  }

  /** Forgets that this memory was written, as where it is used again for something else. */
  public synchronized void poison(long address, long bytes) {
    memory.poison(address, Math.toIntExact(bytes));
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // closed by what is returned
  public HostMemory pinned(long bytes) {
    Arena arena = Arena.ofShared();
    MemorySegment segment = arena.allocate(bytes, 64);
    return new HostMemory() {
      @Override
      public MemorySegment segment() {
        return segment;
      }

      @Override
      public void close() {
        arena.close();
      }
    };
  }

  @Override
  public synchronized Stream newStream() {
    EmulatedStream stream = new EmulatedStream(this, streams.size());
    streams.add(stream);
    return stream;
  }

  /** What is on it is still done. */
  synchronized void closed(EmulatedStream stream) {
    stream.drain();
  }

  @Override
  public Event newEvent() {
    return new EmulatedEvent();
  }

  @Override
  public synchronized void record(Event event, Stream stream) {
    EmulatedEvent noted = (EmulatedEvent) event;
    noted.reached = false;
    noted.stream = (EmulatedStream) stream;
    put(
        stream,
        () -> {
          noted.nanos = System.nanoTime();
          noted.reached = true;
        });
  }

  @Override
  public synchronized void await(Stream stream, Event event) {
    EmulatedEvent noted = (EmulatedEvent) event;
    EmulatedStream other = noted.stream;
    put(
        stream,
        () -> {
          while (!noted.reached) {
            other.advance();
          }
        });
  }

  @Override
  public float milliseconds(Event from, Event to) {
    return (((EmulatedEvent) to).nanos - ((EmulatedEvent) from).nanos) / 1e6f;
  }

  @Override
  public synchronized LoadedModule load(String ptx) {
    return EmulatedModule.load(ptx, properties, memory);
  }

  @Override
  public synchronized void launch(
      Stream stream,
      KernelFunction function,
      Grid grid,
      int sharedBytes,
      KernelArguments arguments) {
    EmulatedFunction kernel = (EmulatedFunction) function;
    kernel.checkLaunch(grid, sharedBytes, properties);
    byte[] parameters = kernel.parameters(arguments);
    put(
        stream,
        () -> {
          Launch launch = new Launch(memory, grid, sharedBytes, parameters, checks);
          launch.run(kernel.program());
          steps += launch.laneSteps();
        });
  }

  @Override
  public synchronized void toDevice(Stream stream, MemorySegment source, long target) {
    refuseWhileRecording("a copy from the host");
    byte[] bytes = source.toArray(ValueLayout.JAVA_BYTE);
    put(stream, () -> memory.store(target, bytes));
  }

  @Override
  public synchronized void toHost(Stream stream, long source, MemorySegment target) {
    refuseWhileRecording("a copy to the host");
    ((EmulatedStream) stream).drain();
    byte[] bytes = memory.load(source, Math.toIntExact(target.byteSize()));
    MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  @Override
  public synchronized void copy(Stream stream, long source, long target, long bytes) {
    if (source < target + bytes && target < source + bytes) {
      throw new CudaException("the stretches of a copy overlap");
    }
    put(stream, () -> memory.copy(source, target, Math.toIntExact(bytes)));
  }

  @Override
  public synchronized void fill32(Stream stream, long target, int value, long count) {
    MemorySegment content = MemorySegment.ofArray(new byte[Math.toIntExact(4 * count)]);
    for (long i = 0; i < count; i++) {
      content.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * i, value);
    }
    put(stream, () -> memory.store(target, content.toArray(ValueLayout.JAVA_BYTE)));
  }

  @Override
  public synchronized void synchronize(Stream stream) {
    refuseWhileRecording("synchronize");
    ((EmulatedStream) stream).drain();
  }

  @Override
  public synchronized CapturedGraph capture(Stream stream, Runnable work) {
    refuseWhileRecording("capture");
    List<Runnable> nodes = new ArrayList<>();
    recording = nodes;
    recorded = stream;
    try {
      work.run();
    } finally {
      recording = null;
    }
    return new EmulatedGraph(List.copyOf(nodes));
  }

  @Override
  public synchronized void launch(Stream stream, CapturedGraph graph) {
    ((EmulatedGraph) graph).nodes.forEach(node -> put(stream, node));
    graphLaunches++;
  }

  /** Launches of graphs since it began. */
  public synchronized int graphLaunches() {
    return graphLaunches;
  }

  @Override
  public void close() {}

  GlobalMemory memory() {
    return memory;
  }

  /** Does it now or later, or notes it where the stream's work is captured. */
  @SuppressWarnings("ReferenceEquality") // streams have no other equality
  synchronized void put(Stream stream, Runnable work) {
    if (recording != null && recorded == stream) {
      recording.add(work);
    } else if (lazy) {
      ((EmulatedStream) stream).add(work);
    } else {
      work.run();
    }
  }

  private void refuseWhileRecording(String what) {
    if (recording != null) {
      throw new CudaException(what + " is not allowed while a graph is captured");
    }
  }

  private record EmulatedGraph(List<Runnable> nodes) implements CapturedGraph {
    @Override
    public void close() {}
  }

  private static final class EmulatedEvent implements Event {
    private long nanos;
    private boolean reached = true;
    private EmulatedStream stream;

    @Override
    public long handle() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
