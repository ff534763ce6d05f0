package io.sedd.launcher.scaling;

import java.util.Arrays;

/**
 * How fast a worker is by the number of jobs in its batch, which share it equally: seconds of work
 * a second. A device that is not full does less.
 *
 * @param jobs counts, rising from 1
 * @param rates at these counts; the last is the full batch's, 1
 */
record Speed(int[] jobs, double[] rates) {

  Speed {
    if (jobs.length != rates.length || jobs[0] != 1) {
      throw new IllegalArgumentException("a rate for each count, from 1 on");
    }
    jobs = jobs.clone();
    rates = rates.clone();
  }

  /** One job after the other, each at full speed. */
  static Speed oneAtATime() {
    return new Speed(new int[] {1}, new double[] {1});
  }

  /** As many at once, where each takes as long as it would alone: a device that is not busy. */
  static Speed apart(int jobs) {
    return new Speed(new int[] {1, jobs}, new double[] {1.0 / jobs, 1});
  }

  /** The largest batch. */
  int most() {
    return jobs[jobs.length - 1];
  }

  /** Seconds of work a second, all jobs together. */
  double rate(int running) {
    int at = Arrays.binarySearch(jobs, running);
    if (at >= 0) {
      return rates[at];
    }
    int above = -at - 1;
    double part = (running - jobs[above - 1]) / (double) (jobs[above] - jobs[above - 1]);
    return rates[above - 1] + part * (rates[above] - rates[above - 1]);
  }
}
