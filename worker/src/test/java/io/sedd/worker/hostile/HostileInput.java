package io.sedd.worker.hostile;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A place where bytes that nobody vouches for come in: what good ones look like, how they are
 * damaged, and what may become of damaged ones.
 */
interface HostileInput extends AutoCloseable {

  /** What became of some bytes; everything else that can happen is thrown and is a bug. */
  enum Verdict {
    ACCEPTED,
    REFUSED
  }

  /** Its name on the command line. */
  String name();

  /** Good bytes to begin with; each is accepted. */
  List<byte[]> seeds();

  /** Bytes made of others, of {@link Mutator#MOST_BYTES} at most. */
  default byte[] mutate(byte[] base, byte[] other, RandomGenerator random) {
    return Mutator.json(base, other, random);
  }

  /**
   * Reads the bytes as the product does.
   *
   * @throws IOException if the disk fails; no content may lead to it
   * @throws AssertionError if what was accepted is not given back equal when it is written and read
   */
  Verdict read(byte[] bytes) throws IOException;

  /** Most bytes that reading may allocate, by the size of the input. */
  long allocationBound(int inputBytes);

  @Override
  default void close() throws IOException {}
}
