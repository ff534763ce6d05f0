package io.sedd.cuda.libcuda;

import static io.sedd.cuda.library.FakeLibrary.at;
import static io.sedd.cuda.library.FakeLibrary.put;

import io.sedd.cuda.library.FakeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** The functions of a driver that has one card and gives what it is asked for. */
public final class FakeLibcuda {

  private static final Map<Integer, String> NAMES =
      Map.of(
          2, "CUDA_ERROR_OUT_OF_MEMORY",
          100, "CUDA_ERROR_NO_DEVICE",
          222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
          500, "CUDA_ERROR_NOT_FOUND",
          719, "CUDA_ERROR_LAUNCH_FAILED");

  private FakeLibcuda() {}

  /** A card of the given compute capability under a driver of the given version. */
  public static FakeLibrary card(int major, int minor, int driverVersion) {
    FakeLibrary library = new FakeLibrary().quiet("cuCtxSetCurrent").quiet("cuGetErrorName");
    library.on("cuGetErrorName", FakeLibcuda::errorName);
    library.on("cuDriverGetVersion", a -> put(a[0], driverVersion));
    library.on("cuDeviceGetCount", a -> put(a[0], 1));
    library.on("cuDeviceGet", a -> put(a[0], 40 + (int) a[1]));
    library.on("cuDeviceGetName", a -> text(a[0], "NVIDIA Fake"));
    library.on("cuDeviceTotalMem_v2", a -> put(a[0], 80L << 30));
    library.on(
        "cuDeviceGetAttribute",
        a ->
            put(
                a[0],
                switch ((int) a[1]) {
                  case 75 -> major;
                  case 76 -> minor;
                  case 16 -> 132;
                  case 97 -> 232_448;
                  default -> -1;
                }));
    library.on("cuDevicePrimaryCtxRetain", a -> put(a[0], 0xc0L));
    library.on("cuMemGetInfo_v2", a -> put(a[0], 1L << 30) + put(a[1], 80L << 30));
    library.on("cuMemAlloc_v2", a -> put(a[0], 0x7f00_0000_0000L));
    library.on("cuMemHostAlloc", a -> put(a[0], Arena.global().allocate((long) a[1]).address()));
    library.on("cuStreamCreate", a -> put(a[0], 0x51L));
    library.on("cuEventCreate", a -> put(a[0], 0xe1L));
    library.on("cuModuleLoadDataEx", a -> put(a[0], 0x30L));
    library.on("cuModuleGetFunction", a -> put(a[0], 0xf1L));
    library.on("cuStreamEndCapture", a -> put(a[1], 0x91L));
    library.on("cuGraphInstantiateWithFlags", a -> put(a[0], 0x92L));
    return library;
  }

  private static int errorName(Object[] arguments) {
    String name = NAMES.get((int) arguments[0]);
    return name == null ? 1 : put(arguments[1], Arena.global().allocateFrom(name).address());
  }

  private static int text(Object pointer, String text) {
    MemorySegment target = at(pointer, text.length() + 1);
    target.setString(0, text);
    return 0;
  }
}
