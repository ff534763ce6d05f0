package io.sedd.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What an operation moves and computes; JMH divides both by the time. Bytes are those that a kernel
 * must read and write at least once, so what it reads again shows as a lower rate.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {

  /** 1e9 bytes. */
  public double gigabytes;

  /** 1e9 multiplications and additions. */
  public double gigaflops;

  void addBytes(double bytes) {
    gigabytes += 1e-9 * bytes;
  }

  void addFlops(double flops) {
    gigaflops += 1e-9 * flops;
  }
}
