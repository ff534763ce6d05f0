package io.sedd.cuda.driver;

import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.MemorySegment;

/**
 * One device with one context. Methods may be called from any thread. What is put on a stream
 * happens later, in the order of the stream; {@link #synchronize} waits for it.
 *
 * <p>Every method may throw {@link DeviceException.Lost} where the device does not answer any more,
 * and {@link CudaException} for any other failure, which names the call and the driver's error.
 */
public interface Driver extends AutoCloseable {

  DeviceProperties properties();

  /** Bytes of device memory that are free now, whoever uses the rest. */
  long freeBytes();

  /**
   * Memory of undefined content.
   *
   * @param bytes at least 1
   * @return its device address, a multiple of 256
   * @throws DeviceException.OutOfMemory if there is not so much in one stretch
   */
  long allocate(long bytes);

  /**
   * Gives back what {@link #allocate} returned. Waits for the work that is on the device, so that
   * nothing uses memory that is gone.
   */
  void free(long address);

  /** Memory of the host from which and to which copies run without a detour and in the stream. */
  HostMemory pinned(long bytes);

  Stream newStream();

  Event newEvent();

  /** Notes in the event what has been put on the stream up to now. */
  void record(Event event, Stream stream);

  /** What is put on the stream from now on waits for what the event noted. */
  void await(Stream stream, Event event);

  /** Milliseconds between two noted events, both reached; for measuring. */
  float milliseconds(Event from, Event to);

  /**
   * Loads the functions of a PTX text.
   *
   * @throws CudaException if the driver cannot compile it for the device; the message has its log
   */
  LoadedModule load(String ptx);

  /**
   * Loads the functions of code of this very architecture.
   *
   * @throws CudaException if the driver does not take it
   */
  default LoadedModule loadBinary(byte[] cubin) {
    throw new CudaException(
        "this driver loads PTX only, and was given %d bytes of code".formatted(cubin.length));
  }

  /**
   * Puts a kernel on the stream.
   *
   * @param sharedBytes dynamic shared memory a block, at most {@link
   *     DeviceProperties#sharedBytesPerBlock} less the function's own
   */
  void launch(
      Stream stream,
      KernelFunction function,
      Grid grid,
      int sharedBytes,
      KernelArguments arguments);

  /**
   * Copies a whole segment to the device. The segment may be changed as soon as this returns, if it
   * is not of {@link #pinned} memory; with pinned memory only after the stream has come so far.
   */
  void toDevice(Stream stream, MemorySegment source, long target);

  /**
   * Fills a whole segment from the device. Into {@link #pinned} memory the bytes come when the
   * stream has come so far; into any other they are there when this returns.
   */
  void toHost(Stream stream, long source, MemorySegment target);

  /** From device memory to device memory; the stretches must not overlap. */
  void copy(Stream stream, long source, long target, long bytes);

  /** {@code count} times the same 32 bits. */
  void fill32(Stream stream, long target, int value, long count);

  /** Waits until all that is on the stream is done. */
  void synchronize(Stream stream);

  /**
   * What {@code work} puts on the stream, as one thing to be launched again and again with the same
   * addresses and arguments. It is not run now. The work must not wait, allocate or free, copy from
   * the host or to it, nor use another stream.
   */
  CapturedGraph capture(Stream stream, Runnable work);

  void launch(Stream stream, CapturedGraph graph);

  /** Gives back the context; all that came out of this driver is of no use any more. */
  @Override
  void close();
}
