package io.sedd.cuda.libcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.cuda.library.FakeLibrary;
import io.sedd.cuda.library.HeaderTypes;
import java.lang.foreign.FunctionDescriptor;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The functions as cuda.h of CUDA 12 and 13 declares them; a handle is a pointer to something. */
class HeaderTest {

  private static final String DECLARATIONS =
      """
      cuInit(unsigned int)
      cuDriverGetVersion(int*)
      cuGetErrorName(enum, const char**)
      cuDeviceGetCount(int*)
      cuDeviceGet(CUdevice*, int)
      cuDeviceGetName(char*, int, CUdevice)
      cuDeviceGetAttribute(int*, enum, CUdevice)
      cuDeviceTotalMem_v2(size_t*, CUdevice)
      cuDevicePrimaryCtxRetain(CUcontext*, CUdevice)
      cuDevicePrimaryCtxRelease_v2(CUdevice)
      cuCtxSetCurrent(handle)
      cuMemGetInfo_v2(size_t*, size_t*)
      cuMemAlloc_v2(CUdeviceptr*, size_t)
      cuMemFree_v2(CUdeviceptr)
      cuMemHostAlloc(void**, size_t, unsigned int)
      cuMemFreeHost(void*)
      cuMemcpyHtoDAsync_v2(CUdeviceptr, const void*, size_t, handle)
      cuMemcpyDtoHAsync_v2(void*, CUdeviceptr, size_t, handle)
      cuMemcpyDtoDAsync_v2(CUdeviceptr, CUdeviceptr, size_t, handle)
      cuMemsetD32Async(CUdeviceptr, unsigned int, size_t, handle)
      cuStreamCreate(CUstream*, unsigned int)
      cuStreamDestroy_v2(handle)
      cuStreamSynchronize(handle)
      cuStreamWaitEvent(handle, handle, unsigned int)
      cuEventCreate(CUevent*, unsigned int)
      cuEventDestroy_v2(handle)
      cuEventRecord(handle, handle)
      cuEventElapsedTime(float*, handle, handle)
      cuModuleLoadDataEx(CUmodule*, const void*, unsigned int, CUjit_option*, void**)
      cuModuleUnload(handle)
      cuModuleGetFunction(CUfunction*, handle, const char*)
      cuFuncSetAttribute(handle, enum, int)
      cuLaunchKernel(handle, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, \
      unsigned int, unsigned int, handle, void**, void**)
      cuStreamBeginCapture_v2(handle, enum)
      cuStreamEndCapture(handle, CUgraph*)
      cuGraphInstantiateWithFlags(CUgraphExec*, handle, unsigned long long)
      cuGraphLaunch(handle, handle)
      cuGraphExecDestroy(handle)
      cuGraphDestroy(handle)
      """;

  @Test
  void everyFunctionHasTheArgumentsOfTheHeader() {
    FakeLibrary library = FakeLibcuda.card(9, 0, 13_000);
    LibcudaDevices.start(library, 12_000);
    Map<String, FunctionDescriptor> used = new TreeMap<>(library.types());
    assertEquals(HeaderTypes.parse(DECLARATIONS), used);
  }
}
