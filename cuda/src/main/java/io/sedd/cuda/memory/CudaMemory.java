package io.sedd.cuda.memory;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Element;
import io.sedd.cuda.driver.Stream;
import io.sedd.diffusion.backend.DeviceException;
import io.sedd.diffusion.backend.Shapes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where tensors of a device come from. Its methods may be called from any thread.
 *
 * <p>It clears on a stream of its own, so that an allocation does not get between the kernels of a
 * step that another thread is putting on its stream.
 */
public final class CudaMemory implements AutoCloseable {

  /** Bytes to which tensors are rounded up, so that each begins where wide loads may. */
  static final long LINE = 256;

  private final Driver driver;
  private final Stream clearing;
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong frees = new AtomicLong();

  /** Does not own the driver. */
  public CudaMemory(Driver driver) {
    this.driver = driver;
    this.clearing = driver.newStream();
  }

  /**
   * A tensor of zeros with memory of its own.
   *
   * @throws DeviceException.OutOfMemory if the device has no such stretch
   */
  public CudaTensor zeros(Element element, int rows, int columns) {
    long bytes = padded((long) Shapes.size(rows, columns) * element.bytes());
    Allocation allocation = allocate(bytes);
    driver.fill32(clearing, allocation.address(), 0, bytes / Integer.BYTES);
    driver.synchronize(clearing);
    return new CudaTensor(allocation, allocation.address(), element, rows, columns, true);
  }

  /** A tensor of undefined content with memory of its own. */
  public CudaTensor unset(Element element, int rows, int columns) {
    Allocation allocation = allocate(padded((long) Shapes.size(rows, columns) * element.bytes()));
    return new CudaTensor(allocation, allocation.address(), element, rows, columns, true);
  }

  /** A workspace whose tensors are kept as {@code element}. */
  public CudaWorkspace workspace(Element element) {
    return new CudaWorkspace(this, element);
  }

  /** Of undefined content. */
  Allocation allocate(long bytes) {
    Allocation allocation = new Allocation(this, driver.allocate(bytes), bytes);
    allocations.incrementAndGet();
    return allocation;
  }

  void free(long address) {
    frees.incrementAndGet();
    driver.free(address);
  }

  /** How often memory was taken of the device, up to now. */
  public long allocations() {
    return allocations.get();
  }

  /** How often memory was given back to the device, up to now. */
  public long frees() {
    return frees.get();
  }

  static long padded(long bytes) {
    return Math.max(LINE, (bytes + LINE - 1) / LINE * LINE);
  }

  @Override
  public void close() {
    clearing.close();
  }
}
