package io.sedd.diffusion.backend.nd4j;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/**
 * One of oneDNN's primitives with two inputs or one, an output and a scratch memory. Each worker of
 * the pool has memory objects of its own, so that all may run it at the same time.
 */
final class Matmul {

  /** An argument of the library: its number, padded to 8 bytes, and a memory object. */
  private static final int ARGUMENT_BYTES = 16;

  private final OneDnn library;
  private final long primitive;
  private final long[] streams;
  private final long scratchBytes;
  private final Scratch scratch;

  /** [worker][argument], the scratch last. */
  private final long[][] memories;

  /** The arguments of each worker. */
  private final long[] arguments;

  /**
   * @param numbers the library's numbers of the arguments, the scratch last
   * @param descriptions of the same; of the scratch last
   */
  Matmul(
      Matmuls owner,
      long primitive,
      int[] numbers,
      dnnl_memory_desc[] descriptions,
      Scratch scratch,
      Arena arena) {
    this.library = owner.library();
    this.streams = owner.streams();
    this.primitive = primitive;
    this.scratch = scratch;
    this.scratchBytes = dnnl.dnnl_memory_desc_get_size(descriptions[descriptions.length - 1]);
    this.memories = new long[streams.length][numbers.length];
    this.arguments = new long[streams.length];
    for (int worker = 0; worker < streams.length; worker++) {
      MemorySegment pairs = arena.allocate((long) ARGUMENT_BYTES * numbers.length, 8);
      for (int i = 0; i < numbers.length; i++) {
        dnnl_memory memory = new dnnl_memory();
        OneDnn.check(
            "a memory object",
            dnnl.dnnl_memory_create(memory, descriptions[i], owner.engine(), new Pointer()));
        memories[worker][i] = memory.address();
        pairs.set(JAVA_INT, (long) ARGUMENT_BYTES * i, numbers[i]);
        pairs.set(JAVA_LONG, (long) ARGUMENT_BYTES * i + 8, memory.address());
      }
      arguments[worker] = pairs.address();
    }
  }

  /** c = a b, or c += a b, on the calling thread alone, which is the given worker of the pool. */
  void run(int worker, long a, long b, long c) {
    long[] mine = memories[worker];
    library.place(mine[1], b);
    run(worker, a, c);
  }

  /** The same for a primitive with one input. */
  void run(int worker, long a, long c) {
    long[] mine = memories[worker];
    library.keepToThisThread();
    library.place(mine[0], a);
    library.place(mine[mine.length - 2], c);
    if (scratchBytes > 0) {
      library.place(mine[mine.length - 1], scratch.address(worker, (scratchBytes + 3) / 4));
    }
    library.execute(primitive, streams[worker], mine.length, arguments[worker]);
  }
}
