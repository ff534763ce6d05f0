package io.sedd.launcher.bench;

/**
 * How fast one matrix product runs: [rows, in] times a weight of [out, in].
 *
 * @param type in what it multiplies
 * @param what it stands for
 * @param seconds median
 */
record ProductRate(NumberType type, String what, int rows, int in, int out, double seconds) {

  double gflops() {
    return 2.0 * rows * in * out / seconds / 1e9;
  }
}
