package io.sedd.launcher.scaling;

/** One job on its way; times in seconds since the beginning. */
final class SimulatedJob {

  private final int partition;
  private final double arrival;
  private final double work;

  /** What its worker had done for each job when this one began, and will have when it ends. */
  private double endsAt;

  private double started;

  SimulatedJob(int partition, double arrival, double work) {
    this.partition = partition;
    this.arrival = arrival;
    this.work = work;
  }

  int partition() {
    return partition;
  }

  double arrival() {
    return arrival;
  }

  double started() {
    return started;
  }

  /** Begins on a worker that has given each of its jobs so much work since it exists. */
  void start(double now, double given) {
    started = now;
    endsAt = given + work;
  }

  double endsAt() {
    return endsAt;
  }
}
