package io.sedd.launcher.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A worker: its jobs share its speed equally, and one confirmation is under way at a time. The work
 * that each running job has been given since the worker exists is one number, so that the next to
 * end is the head of a queue.
 */
final class SimulatedWorker {

  private final int number;
  private final Speed speed;
  private final int mostInHand;
  private final PriorityQueue<SimulatedJob> running =
      new PriorityQueue<>(Comparator.comparingDouble(SimulatedJob::endsAt));
  private final List<SimulatedJob> ended = new ArrayList<>();
  private double given;
  private double since;
  private double busy;
  private boolean confirming;
  private int unconfirmed;

  /** Rises with every change, so that an event of an older plan is known. */
  private int plan;

  /**
   * Nothing to do yet.
   *
   * @param mostInHand jobs that run or wait for their confirmation
   */
  SimulatedWorker(int number, Speed speed, int mostInHand) {
    this.number = number;
    this.speed = speed;
    this.mostInHand = mostInHand;
  }

  int number() {
    return number;
  }

  int plan() {
    return plan;
  }

  boolean hasRoom() {
    return running.size() < speed.most() && running.size() + unconfirmed < mostInHand;
  }

  boolean isRunning() {
    return !running.isEmpty();
  }

  /** Seconds of full work done until the last change. */
  double busy() {
    return busy;
  }

  /** Brings the work up to this time. */
  void advance(double now) {
    if (!running.isEmpty()) {
      double rate = speed.rate(running.size());
      given += (now - since) * rate / running.size();
      busy += (now - since) * rate;
    }
    since = now;
  }

  void start(SimulatedJob job, double now) {
    job.start(now, given);
    running.add(job);
    plan++;
  }

  /** When the next of the running jobs ends, if nothing changes. */
  double nextEnd() {
    return since + (running.peek().endsAt() - given) * running.size() / speed.rate(running.size());
  }

  /** Takes the one off that ends now. */
  void end() {
    SimulatedJob job = running.remove();
    given = job.endsAt();
    ended.add(job);
    unconfirmed++;
    plan++;
  }

  /** All that has ended, to be confirmed together; empty while a confirmation is under way. */
  List<SimulatedJob> toConfirm() {
    if (confirming || ended.isEmpty()) {
      return List.of();
    }
    confirming = true;
    List<SimulatedJob> batch = List.copyOf(ended);
    ended.clear();
    return batch;
  }

  void confirmed(int jobs) {
    confirming = false;
    unconfirmed -= jobs;
  }
}
