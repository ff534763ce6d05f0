package io.sedd.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What this machine's memory gives two threads that copy: the ceiling of the row kernels. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
public class MemoryBenchmark {

  /** Bytes of each of a thread's two stretches: within the last-level cache, and far beyond it. */
  @Param({"4194304", "134217728"})
  public long bytes;

  /** A thread's own stretches. */
  @State(Scope.Thread)
  public static class Stretches {
    private MemorySegment from;
    private MemorySegment to;

    /** Allocates them. */
    @Setup(Level.Trial)
    public void allocate(MemoryBenchmark size) {
      from = Arena.ofAuto().allocate(size.bytes, 64);
      to = Arena.ofAuto().allocate(size.bytes, 64);
    }
  }

  /** Reads and writes each byte once. */
  @Benchmark
  public void copy(Stretches stretches, Rates rates) {
    MemorySegment.copy(stretches.from, 0, stretches.to, 0, bytes);
    rates.addBytes(2.0 * bytes);
  }
}
