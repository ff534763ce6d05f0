package io.sedd.benchmarks;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.diffusion.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The backend under measurement. */
@State(Scope.Benchmark)
public class Device {

  /** By name, as in the configuration of a worker. */
  @Param("nd4j")
  public String backend;

  /** Threads of the kernels. */
  @Param("2")
  public int threads;

  private final SplittableRandom random = new SplittableRandom(1);
  private Backend open;

  /** Opens the backend. */
  @Setup(Level.Trial)
  public void open() {
    open = Backends.open(Optional.of(backend), new BackendOptions(threads, 0));
  }

  /** Closes the backend. */
  @TearDown(Level.Trial)
  public void close() {
    open.close();
  }

  Backend kernels() {
    return open;
  }

  /** Numbers in ±1/2. */
  Tensor random(int rows, int columns) {
    Tensor tensor = open.allocate(rows, columns);
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() - 0.5f;
    }
    open.write(MemorySegment.ofArray(values), tensor);
    return tensor;
  }

  int[] states(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }
}
