package io.sedd.cuda.libcuda;

import static io.sedd.cuda.library.FakeLibrary.at;
import static io.sedd.cuda.library.FakeLibrary.put;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.driver.CapturedGraph;
import io.sedd.cuda.driver.CudaException;
import io.sedd.cuda.driver.DeviceProperties;
import io.sedd.cuda.driver.Event;
import io.sedd.cuda.driver.Grid;
import io.sedd.cuda.driver.HostMemory;
import io.sedd.cuda.driver.KernelArguments;
import io.sedd.cuda.driver.KernelFunction;
import io.sedd.cuda.driver.LoadedModule;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.library.FakeLibrary;
import io.sedd.diffusion.backend.DeviceException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the driver is asked for, in which order and with which arguments. */
class LibcudaDriverTest {

  private final FakeLibrary library = FakeLibcuda.card(9, 0, 13_000);
  private final LibcudaDriver driver = LibcudaDevices.start(library, 12_000).open(0);
  private final Stream stream = driver.newStream();

  LibcudaDriverTest() {
    library.takeCalls();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void theCardIsWhatTheDriverSaysOfIt() {
    assertEquals(
        new DeviceProperties("NVIDIA Fake", 9, 0, 132, 232_448, 80L << 30, 13_000),
        driver.properties());
  }

  @Test
  void everyCallFirstMakesTheContextThatOfItsThread() {
    List<Long> contexts = new ArrayList<>();
    library.on(
        "cuCtxSetCurrent",
        a -> {
          contexts.add((long) a[0]);
          return 0;
        });
    driver.freeBytes();
    driver.synchronize(stream);
    driver.free(driver.allocate(1));
    assertEquals(List.of(0xc0L, 0xc0L, 0xc0L, 0xc0L), contexts);
  }

  @Test
  void tooMuchMemoryIsAnErrorOfItsOwnThatSaysWhatIsFree() {
    library.on("cuMemAlloc_v2", _ -> 2);
    DeviceException.OutOfMemory e =
        assertThrows(DeviceException.OutOfMemory.class, () -> driver.allocate(1L << 40));
    assertEquals(
        "the card has no 1099511627776 bytes in one stretch; 1073741824 bytes are free",
        e.getMessage());
  }

  @Test
  void aCardThatDoesNotAnswerIsLost() {
    library.on("cuStreamSynchronize", _ -> 719);
    DeviceException.Lost e =
        assertThrows(DeviceException.Lost.class, () -> driver.synchronize(stream));
    assertEquals("cuStreamSynchronize: CUDA_ERROR_LAUNCH_FAILED (719)", e.getMessage());
  }

  @Test
  void anErrorThatTheDriverHasNoNameForIsANumber() {
    library.on("cuEventRecord", _ -> 12_345);
    Event event = driver.newEvent();
    CudaException e = assertThrows(CudaException.class, () -> driver.record(event, stream));
    assertEquals("cuEventRecord: CUresult 12345", e.getMessage());
  }

  @Test
  void aLaunchPassesEachArgumentWhereItsPointerSays() {
    KernelFunction function = driver.load(".version 7.0").function("twice");
    List<Object> seen = new ArrayList<>();
    library.on(
        "cuLaunchKernel",
        a -> {
          seen.addAll(Arrays.asList(a).subList(0, 9));
          MemorySegment pointers = at(a[9], 32);
          seen.add(pointed(pointers, 0).get(JAVA_LONG, 0));
          seen.add(pointed(pointers, 1).get(JAVA_INT, 0));
          seen.add(pointed(pointers, 2).get(JAVA_LONG, 0));
          seen.add(pointed(pointers, 3).get(JAVA_FLOAT, 0));
          seen.add(((MemorySegment) a[10]).address());
          return 0;
        });
    driver.launch(
        stream,
        function,
        new Grid(1, 2, 3, 4, 5, 6),
        1024,
        new KernelArguments().address(0x7f12L << 32).int32(-7).int64(-8).float32(1.5f));
    assertEquals(
        List.of(0xf1L, 1, 2, 3, 4, 5, 6, 1024, 0x51L, 0x7f12L << 32, -7, -8L, 1.5f, 0L), seen);
    assertEquals(
        List.of("cuModuleLoadDataEx", "cuModuleGetFunction", "cuLaunchKernel"),
        library.takeCalls());
  }

  @Test
  void moreThan48KibOfSharedMemoryIsAllowedOnceBeforeTheLaunch() {
    KernelFunction function = driver.load(".version 7.0").function("attend");
    List<Object> asked = new ArrayList<>();
    library.on(
        "cuFuncSetAttribute",
        a -> {
          asked.addAll(Arrays.asList(a));
          return 0;
        });
    for (int bytes : new int[] {48 << 10, 100_000, 90_000, 100_000}) {
      driver.launch(stream, function, Grid.line(1, 32), bytes, new KernelArguments());
    }
    assertEquals(List.of(0xf1L, 8, 100_000), asked);
  }

  @Test
  void ptxIsGivenWithAClosingZeroAndARefusalWithTheCompilersLog() {
    library.on(
        "cuModuleLoadDataEx",
        a -> {
          MemorySegment values = at(a[4], 16);
          boolean options =
              (int) a[2] == 2
                  && at(a[3], 8).get(JAVA_INT, 0) == 5
                  && at(a[3], 8).get(JAVA_INT, 4) == 6
                  && values.get(JAVA_LONG, 8) == 1 << 14;
          String text = at(a[1], 64).getString(0);
          pointed(values, 0).setString(0, "line 1 of '" + text + "' " + options);
          return 222;
        });
    CudaException e = assertThrows(CudaException.class, () -> driver.load(".version 99.0"));
    assertEquals(
        "cuModuleLoadDataEx of PTX: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)\n"
            + "line 1 of '.version 99.0' true",
        e.getMessage());
  }

  @Test
  void aFunctionThatAModuleDoesNotHaveIsNamed() {
    LoadedModule module = driver.loadBinary(new byte[] {0x7f, 'E', 'L', 'F'});
    library.on("cuModuleGetFunction", _ -> 500);
    CudaException e = assertThrows(CudaException.class, () -> module.function("norm"));
    assertEquals("cuModuleGetFunction of norm: CUDA_ERROR_NOT_FOUND (500)", e.getMessage());
  }

  @Test
  void whatIsPutOnAStreamMeanwhileIsCapturedAndLaunchedAsOne() {
    CapturedGraph graph = driver.capture(stream, () -> driver.fill32(stream, 64, 0, 5));
    driver.launch(stream, graph);
    graph.close();
    assertEquals(
        List.of(
            "cuStreamBeginCapture_v2",
            "cuMemsetD32Async",
            "cuStreamEndCapture",
            "cuGraphInstantiateWithFlags",
            "cuGraphDestroy",
            "cuGraphLaunch",
            "cuGraphExecDestroy"),
        library.takeCalls());
  }

  @Test
  void workThatFailsUnderCaptureLeavesTheStreamUsable() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                driver.capture(
                    stream,
                    () -> {
                      throw new IllegalStateException("work");
                    }));
    assertEquals("work", e.getMessage());
    assertEquals(
        List.of("cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphDestroy"),
        library.takeCalls());
  }

  @Test
  void memoryOnTheHeapGoesThroughABufferInPieces() {
    byte[] source = new byte[(4 << 20) + 5];
    new Random(7).nextBytes(source);
    byte[] card = new byte[source.length];
    library.on(
        "cuMemcpyHtoDAsync_v2",
        a -> {
          int bytes = (int) (long) a[2];
          MemorySegment.copy(
              at(a[1], bytes), 0, MemorySegment.ofArray(card), (long) a[0] - 1000, bytes);
          return 0;
        });
    driver.toDevice(stream, MemorySegment.ofArray(source), 1000);
    assertArrayEquals(source, card);
    library.on(
        "cuMemcpyDtoHAsync_v2",
        a -> {
          int bytes = (int) (long) a[2];
          MemorySegment.copy(
              MemorySegment.ofArray(card), (long) a[1] - 1000, at(a[0], bytes), 0, bytes);
          return 0;
        });
    byte[] back = new byte[source.length];
    driver.toHost(stream, 1000, MemorySegment.ofArray(back));
    assertArrayEquals(source, back);
    assertEquals(
        List.of(
            "cuMemcpyHtoDAsync_v2",
            "cuMemcpyHtoDAsync_v2",
            "cuMemcpyDtoHAsync_v2",
            "cuStreamSynchronize",
            "cuMemcpyDtoHAsync_v2",
            "cuStreamSynchronize"),
        library.takeCalls());
  }

  @Test
  void pageLockedMemoryIsCopiedFromWithoutADetourAndGivenBackOnce() {
    HostMemory memory = driver.pinned(64);
    List<Long> addresses = new ArrayList<>();
    library.on(
        "cuMemcpyHtoDAsync_v2",
        a -> {
          addresses.add(((MemorySegment) a[1]).address());
          return 0;
        });
    memory.segment().set(JAVA_INT, 60, 1);
    driver.toDevice(stream, memory.segment(), 1000);
    assertEquals(List.of(memory.segment().address()), addresses);
    memory.close();
    memory.close();
    assertEquals(
        List.of("cuMemHostAlloc", "cuMemcpyHtoDAsync_v2", "cuMemFreeHost"), library.takeCalls());
    assertThrows(IllegalStateException.class, () -> memory.segment().get(JAVA_INT, 0));
  }

  @Test
  void nothingIsAskedForWhereThereIsNothingToDo() {
    driver.copy(stream, 1, 2, 0);
    driver.fill32(stream, 1, 2, 0);
    driver.toDevice(stream, MemorySegment.ofArray(new byte[0]), 1);
    driver.toHost(stream, 1, MemorySegment.ofArray(new byte[0]));
    assertEquals(List.of(), library.takeCalls());
    assertThrows(IllegalArgumentException.class, () -> driver.allocate(0));
  }

  @Test
  void aStreamIsGivenBackOnceAndNotUsedAfterwards() {
    stream.close();
    stream.close();
    assertEquals(List.of("cuStreamDestroy_v2"), library.takeCalls());
    assertThrows(IllegalStateException.class, () -> driver.synchronize(stream));
  }

  @Test
  void eventsOrderAStreamAfterAnother() {
    Event event = driver.newEvent();
    List<Object> seen = new ArrayList<>();
    for (String name : List.of("cuEventRecord", "cuStreamWaitEvent")) {
      library.on(
          name,
          a -> {
            seen.addAll(Arrays.asList(a));
            return 0;
          });
    }
    driver.record(event, stream);
    driver.await(stream, event);
    assertEquals(List.of(0xe1L, 0x51L, 0x51L, 0xe1L, 0), seen);
    library.on("cuEventElapsedTime", a -> put(a[0], Float.floatToRawIntBits(2.5f)));
    assertEquals(2.5f, driver.milliseconds(event, event));
  }

  @Test
  void theContextIsGivenBackAtTheEnd() {
    driver.close();
    assertTrue(library.takeCalls().contains("cuDevicePrimaryCtxRelease_v2"));
  }

  private static MemorySegment pointed(MemorySegment pointers, int index) {
    return at(MemorySegment.ofAddress(pointers.getAtIndex(JAVA_LONG, index)), 1024);
  }
}
