package io.sedd.diffusion.backend.nd4j;

/** A stretch of fp32 numbers in the host's memory, off the Java heap. */
interface Stretch extends AutoCloseable {

  /** Numbers that it has room for. */
  long capacity();

  /** Of the first number, which begins a cache line. */
  long address();

  @Override
  void close();
}
