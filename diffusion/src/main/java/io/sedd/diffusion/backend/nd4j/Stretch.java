package io.sedd.diffusion.backend.nd4j;

import io.sedd.diffusion.backend.SlabWorkspace;

/** A stretch of fp32 numbers in the host's memory, off the Java heap; its capacity is in them. */
interface Stretch extends SlabWorkspace.Storage {

  /** Of the first number, which begins a cache line. */
  long address();
}
