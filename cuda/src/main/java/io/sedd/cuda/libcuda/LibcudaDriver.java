package io.sedd.cuda.libcuda;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Event;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.HostMemory;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A card in its primary context. Every call first makes the context that of its thread: threads are
 * many here, virtual ones move between carriers, and the driver answers that in some 20 ns.
 *
 * <p>Memory is taken from the driver whole and kept, by workspaces from step to step, by weights
 * from checkpoint to checkpoint, so that the driver's own pools would gain nothing.
 */
public final class LibcudaDriver implements Driver {

  private final LibcudaDevices devices;
  private final int device;
  private final long context;
  private final DeviceProperties properties;
  private final MemoryApi memory;
  private final StreamApi streams;
  private final ModuleApi modules;
  private final HostCopies copies;

  /** Retains the primary context of a device, which {@link #close} releases. */
  LibcudaDriver(LibcudaDevices devices, int device, DeviceProperties properties) {
    this.devices = devices;
    this.device = device;
    this.properties = properties;
    this.memory = devices.memory();
    this.streams = devices.streams();
    this.modules = devices.modules();
    this.copies = new HostCopies(memory, streams);
    this.context = devices.api().retain(device);
  }

  /** Makes the card's context that of the calling thread, for libraries that work in it. */
  public void enter() {
    devices.api().setCurrent(context);
  }

  @Override
  public DeviceProperties properties() {
    return properties;
  }

  @Override
  public long freeBytes() {
    enter();
    return memory.freeBytes();
  }

  @Override
  public long allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(bytes + " bytes of device memory were asked for");
    }
    enter();
    return memory.allocate(bytes);
  }

  /** The driver's cuMemFree waits for the device by itself. */
  @Override
  public void free(long address) {
    enter();
    memory.free(address);
  }

  @Override
  public HostMemory pinned(long bytes) {
    enter();
    return new PinnedMemory(memory.hostAllocate(bytes), this::freePinned);
  }

  private void freePinned(MemorySegment segment) {
    enter();
    memory.hostFree(segment);
  }

  @Override
  public Stream newStream() {
    enter();
    return new CudaHandle.OfStream(streams.newStream(), closing(streams::destroyStream));
  }

  @Override
  public Event newEvent() {
    enter();
    return new CudaHandle.OfEvent(streams.newEvent(), closing(streams::destroyEvent));
  }

  private CudaHandle.Closing closing(CudaHandle.Closing action) {
    return handle -> {
      enter();
      action.close(handle);
    };
  }

  @Override
  public void record(Event event, Stream stream) {
    enter();
    streams.record(event.handle(), stream.handle());
  }

  @Override
  public void await(Stream stream, Event event) {
    enter();
    streams.await(stream.handle(), event.handle());
  }

  @Override
  public float milliseconds(Event from, Event to) {
    enter();
    return streams.milliseconds(from.handle(), to.handle());
  }

  @Override
  public LoadedModule load(String ptx) {
    byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
    enter();
    return module(modules.load("PTX", Arrays.copyOf(text, text.length + 1)));
  }

  @Override
  public LoadedModule loadBinary(byte[] cubin) {
    enter();
    return module(modules.load("code", cubin));
  }

  private LoadedModule module(long handle) {
    return new CudaHandle.OfModule(
        handle,
        name -> {
          enter();
          return new LibcudaFunction(modules, modules.function(handle, name), name);
        },
        closing(modules::unload));
  }

  @Override
  public void launch(
      Stream stream,
      KernelFunction function,
      Grid grid,
      int sharedBytes,
      KernelArguments arguments) {
    if (!(function instanceof LibcudaFunction own)) {
      throw new IllegalArgumentException(function.name() + " was loaded by another driver");
    }
    enter();
    own.launch(stream.handle(), grid, sharedBytes, arguments);
  }

  @Override
  public void toDevice(Stream stream, MemorySegment source, long target) {
    enter();
    copies.toDevice(stream.handle(), source, target);
  }

  @Override
  public void toHost(Stream stream, long source, MemorySegment target) {
    enter();
    copies.toHost(stream.handle(), source, target);
  }

  @Override
  public void copy(Stream stream, long source, long target, long bytes) {
    if (bytes > 0) {
      enter();
      memory.copy(stream.handle(), source, target, bytes);
    }
  }

  @Override
  public void fill32(Stream stream, long target, int value, long count) {
    if (count > 0) {
      enter();
      memory.fill32(stream.handle(), target, value, count);
    }
  }

  @Override
  public void synchronize(Stream stream) {
    enter();
    streams.synchronize(stream.handle());
  }

  @Override
  public CapturedGraph capture(Stream stream, Runnable work) {
    enter();
    long graph = captured(stream.handle(), work);
    try {
      return new CudaHandle.OfGraph(
          streams.instantiate(graph), closing(streams::destroyExecutable));
    } finally {
      streams.destroyGraph(graph);
    }
  }

  private long captured(long stream, Runnable work) {
    streams.beginCapture(stream);
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // the stream must get out of the capture; what it made is of no use
      try {
        streams.destroyGraph(streams.endCapture(stream));
      } catch (RuntimeException other) {
        e.addSuppressed(other);
      }
      throw e;
    }
    return streams.endCapture(stream);
  }

  @Override
  public void launch(Stream stream, CapturedGraph graph) {
    if (!(graph instanceof CudaHandle.OfGraph own)) {
      throw new IllegalArgumentException("the graph was captured by another driver");
    }
    enter();
    streams.launchGraph(own.handle(), stream.handle());
  }

  @Override
  public void close() {
    devices.api().release(device);
  }
}
