package io.sedd.cuda.libcuda;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.Event;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.driver.Stream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Something of the driver's that is given back once. */
abstract sealed class CudaHandle implements AutoCloseable {

  /** Gives a handle back. */
  interface Closing {
    void close(long handle);
  }

  private final long handle;
  private final Closing closing;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CudaHandle(long handle, Closing closing) {
    this.handle = handle;
    this.closing = closing;
  }

  public final long handle() {
    if (closed.get()) {
      throw new IllegalStateException(getClass().getSimpleName() + " is used after it was closed");
    }
    return handle;
  }

  @Override
  public final void close() {
    if (closed.compareAndSet(false, true)) {
      closing.close(handle);
    }
  }

  static final class OfStream extends CudaHandle implements Stream {
    OfStream(long handle, Closing closing) {
      super(handle, closing);
    }
  }

  static final class OfEvent extends CudaHandle implements Event {
    OfEvent(long handle, Closing closing) {
      super(handle, closing);
    }
  }

  static final class OfGraph extends CudaHandle implements CapturedGraph {
    OfGraph(long handle, Closing closing) {
      super(handle, closing);
    }
  }

  static final class OfModule extends CudaHandle implements LoadedModule {

    private final Function<String, KernelFunction> functions;

    OfModule(long handle, Function<String, KernelFunction> functions, Closing closing) {
      super(handle, closing);
      this.functions = functions;
    }

    @Override
    public KernelFunction function(String name) {
      handle();
      return functions.apply(name);
    }
  }
}
