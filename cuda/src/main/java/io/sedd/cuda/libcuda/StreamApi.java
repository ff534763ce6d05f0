package io.sedd.cuda.libcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sedd.cuda.library.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Streams, events and graphs; in the current context. */
final class StreamApi {

  /** CU_STREAM_NON_BLOCKING: knows nothing of the stream 0 that others may use. */
  static final int NON_BLOCKING = 1;

  /**
   * CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: what other threads do meanwhile, such as allocating, does
   * not spoil the capture.
   */
  static final int THREAD_LOCAL = 1;

  private final DriverResults results;
  private final MethodHandle streamCreate;
  private final MethodHandle streamDestroy;
  private final MethodHandle streamSynchronize;
  private final MethodHandle streamWaitEvent;
  private final MethodHandle eventCreate;
  private final MethodHandle eventDestroy;
  private final MethodHandle eventRecord;
  private final MethodHandle eventElapsedTime;
  private final MethodHandle beginCapture;
  private final MethodHandle endCapture;
  private final MethodHandle graphInstantiate;
  private final MethodHandle graphLaunch;
  private final MethodHandle graphExecDestroy;
  private final MethodHandle graphDestroy;

  StreamApi(NativeFunctions library, DriverResults results) {
    this.results = results;
    this.streamCreate = DeviceApi.function(library, "cuStreamCreate", ADDRESS, JAVA_INT);
    this.streamDestroy = DeviceApi.function(library, "cuStreamDestroy_v2", JAVA_LONG);
    this.streamSynchronize = DeviceApi.function(library, "cuStreamSynchronize", JAVA_LONG);
    this.streamWaitEvent =
        DeviceApi.function(library, "cuStreamWaitEvent", JAVA_LONG, JAVA_LONG, JAVA_INT);
    this.eventCreate = DeviceApi.function(library, "cuEventCreate", ADDRESS, JAVA_INT);
    this.eventDestroy = DeviceApi.function(library, "cuEventDestroy_v2", JAVA_LONG);
    this.eventRecord = DeviceApi.function(library, "cuEventRecord", JAVA_LONG, JAVA_LONG);
    this.eventElapsedTime =
        DeviceApi.function(library, "cuEventElapsedTime", ADDRESS, JAVA_LONG, JAVA_LONG);
    this.beginCapture = DeviceApi.function(library, "cuStreamBeginCapture_v2", JAVA_LONG, JAVA_INT);
    this.endCapture = DeviceApi.function(library, "cuStreamEndCapture", JAVA_LONG, ADDRESS);
    this.graphInstantiate =
        DeviceApi.function(library, "cuGraphInstantiateWithFlags", ADDRESS, JAVA_LONG, JAVA_LONG);
    this.graphLaunch = DeviceApi.function(library, "cuGraphLaunch", JAVA_LONG, JAVA_LONG);
    this.graphExecDestroy = DeviceApi.function(library, "cuGraphExecDestroy", JAVA_LONG);
    this.graphDestroy = DeviceApi.function(library, "cuGraphDestroy", JAVA_LONG);
  }

  long newStream() {
    return handle("cuStreamCreate", out -> (int) streamCreate.invokeExact(out, NON_BLOCKING));
  }

  void destroyStream(long stream) {
    results.require("cuStreamDestroy", () -> (int) streamDestroy.invokeExact(stream));
  }

  void synchronize(long stream) {
    results.require("cuStreamSynchronize", () -> (int) streamSynchronize.invokeExact(stream));
  }

  void await(long stream, long event) {
    results.require("cuStreamWaitEvent", () -> (int) streamWaitEvent.invokeExact(stream, event, 0));
  }

  long newEvent() {
    return handle("cuEventCreate", out -> (int) eventCreate.invokeExact(out, 0));
  }

  void destroyEvent(long event) {
    results.require("cuEventDestroy", () -> (int) eventDestroy.invokeExact(event));
  }

  void record(long event, long stream) {
    results.require("cuEventRecord", () -> (int) eventRecord.invokeExact(event, stream));
  }

  float milliseconds(long from, long to) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_FLOAT);
      results.require(
          "cuEventElapsedTime", () -> (int) eventElapsedTime.invokeExact(out, from, to));
      return out.get(JAVA_FLOAT, 0);
    }
  }

  void beginCapture(long stream) {
    results.require(
        "cuStreamBeginCapture", () -> (int) beginCapture.invokeExact(stream, THREAD_LOCAL));
  }

  /** The graph of what was put on the stream since. */
  long endCapture(long stream) {
    return handle("cuStreamEndCapture", out -> (int) endCapture.invokeExact(stream, out));
  }

  long instantiate(long graph) {
    return handle("cuGraphInstantiate", out -> (int) graphInstantiate.invokeExact(out, graph, 0L));
  }

  void launchGraph(long executable, long stream) {
    results.require("cuGraphLaunch", () -> (int) graphLaunch.invokeExact(executable, stream));
  }

  void destroyExecutable(long executable) {
    results.require("cuGraphExecDestroy", () -> (int) graphExecDestroy.invokeExact(executable));
  }

  void destroyGraph(long graph) {
    results.require("cuGraphDestroy", () -> (int) graphDestroy.invokeExact(graph));
  }

  private interface HandleCall {
    int run(MemorySegment out) throws Throwable;
  }

  private long handle(String what, HandleCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      results.require(what, () -> call.run(out));
      return out.get(JAVA_LONG, 0);
    }
  }
}
