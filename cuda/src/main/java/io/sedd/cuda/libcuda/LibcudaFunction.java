package io.sedd.cuda.libcuda;

import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;

/** A kernel on the card, and how much shared memory it has been allowed. */
final class LibcudaFunction implements KernelFunction {

  /** Dynamic shared memory that a function may have without asking. */
  private static final int UNASKED = 48 << 10;

  private final ModuleApi modules;
  private final long handle;
  private final String name;
  // guarded by this
  private int allowed = UNASKED;

  LibcudaFunction(ModuleApi modules, long handle, String name) {
    this.modules = modules;
    this.handle = handle;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  void launch(long stream, Grid grid, int sharedBytes, KernelArguments arguments) {
    allow(sharedBytes);
    modules.launch(stream, handle, name, grid, sharedBytes, arguments);
  }

  private synchronized void allow(int bytes) {
    if (bytes > allowed) {
      modules.allowShared(handle, name, bytes);
      allowed = bytes;
    }
  }
}
