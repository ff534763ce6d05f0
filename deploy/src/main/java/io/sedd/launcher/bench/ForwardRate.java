package io.sedd.launcher.bench;

/**
 * One evaluation of the network with all rows wanted.
 *
 * @param shape name
 * @param type in what its products multiply
 * @param batch sequences
 * @param tokens of all of them
 * @param seconds median
 * @param headSeconds of that, final norm and vocabulary projection
 * @param flops of its products
 * @param ceiling of the type, GFLOP/s
 */
record ForwardRate(
    String shape,
    NumberType type,
    int batch,
    int tokens,
    double seconds,
    double headSeconds,
    double flops,
    double ceiling) {

  double gflops() {
    return flops / seconds / 1e9;
  }

  double share() {
    return gflops() / ceiling;
  }
}
