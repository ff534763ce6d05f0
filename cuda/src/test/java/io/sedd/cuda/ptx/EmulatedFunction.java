package io.sedd.cuda.ptx;

import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.ptx.machine.Bytes;
import io.sedd.cuda.ptx.machine.Program;

/** A kernel, and what a launch of it must keep to. */
record EmulatedFunction(Program program) implements KernelFunction {

  @Override
  public String name() {
    return program.name();
  }

  void checkLaunch(Grid grid, int sharedBytes, DeviceProperties device) {
    if (grid.gridY() > 65_535 || grid.gridZ() > 65_535 || grid.blockZ() > 64) {
      throw new CudaException("kernel %s: %s is more than a card takes".formatted(name(), grid));
    }
    int shared = program.sharedBytes() + sharedBytes;
    if (sharedBytes < 0 || shared > device.sharedBytesPerBlock()) {
      throw new CudaException(
          "kernel %s: %,d bytes of shared memory, the device has %,d"
              .formatted(name(), shared, device.sharedBytesPerBlock()));
    }
  }

  /** The arguments as they lie in parameter memory; a card would not notice a wrong one. */
  byte[] parameters(KernelArguments arguments) {
    int wanted = program.parameterOffsets().size();
    if (arguments.count() != wanted) {
      throw new CudaException(
          "kernel %s: %d arguments, it takes %d".formatted(name(), arguments.count(), wanted));
    }
    byte[] bytes = new byte[program.parameterBytes()];
    for (int i = 0; i < wanted; i++) {
      int size = arguments.kind(i).bytes();
      if (size != program.parameterSizes().get(i)) {
        throw new CudaException(
            "kernel %s: argument %d has %d bytes, it takes %d"
                .formatted(name(), i, size, program.parameterSizes().get(i)));
      }
      if (size == 4) {
        Bytes.int32(bytes, program.parameterOffsets().get(i), (int) arguments.bits(i));
      } else {
        Bytes.int64(bytes, program.parameterOffsets().get(i), arguments.bits(i));
      }
    }
    return bytes;
  }
}
