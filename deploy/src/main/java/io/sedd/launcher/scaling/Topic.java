package io.sedd.launcher.scaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** The waiting jobs of a topic, by partition, and who may take them. */
final class Topic {

  private final Delivery delivery;
  private final int working;
  private final List<ArrayDeque<SimulatedJob>> partitions = new ArrayList<>();
  private final int[] inHand;
  private final int[] next;
  private int waiting;
  private Optional<DoubleSupplier> endless = Optional.empty();

  Topic(Delivery delivery, int workers) {
    this.delivery = delivery;
    this.working = delivery.working(workers);
    this.inHand = new int[delivery.partitions()];
    this.next = new int[workers];
    for (int i = 0; i < delivery.partitions(); i++) {
      partitions.add(new ArrayDeque<>());
    }
  }

  /** From now on there is always a job of the work that is supplied. */
  void neverEmpty(DoubleSupplier work) {
    endless = Optional.of(work);
  }

  void add(SimulatedJob job) {
    partitions.get(job.partition()).add(job);
    waiting++;
  }

  /** The next job for a worker; its partitions take turns. */
  Optional<SimulatedJob> take(int worker) {
    if (worker >= working || (waiting == 0 && endless.isEmpty())) {
      return Optional.empty();
    }
    // in a group, worker w owns the partitions w, w + workers, and so on: even to one
    int step = delivery instanceof Delivery.ConsumerGroup ? working : 1;
    int first = delivery instanceof Delivery.ConsumerGroup ? worker : 0;
    int owned = (partitions.size() - first + step - 1) / step;
    for (int i = 0; i < owned; i++) {
      int partition = first + step * ((next[worker] + i) % owned);
      ArrayDeque<SimulatedJob> jobs = partitions.get(partition);
      if ((endless.isPresent() || !jobs.isEmpty()) && inHand[partition] < delivery.locks()) {
        next[worker] = (next[worker] + i + 1) % owned;
        inHand[partition]++;
        if (jobs.isEmpty()) {
          return Optional.of(new SimulatedJob(partition, 0, endless.get().getAsDouble()));
        }
        waiting--;
        return Optional.of(jobs.remove());
      }
    }
    return Optional.empty();
  }

  /** A job is confirmed, and its lock with it. */
  void done(SimulatedJob job) {
    inHand[job.partition()]--;
  }

  /** The one worker that a job of this partition may go to; -1 where any may take it. */
  int owner(int partition) {
    return delivery instanceof Delivery.ConsumerGroup ? partition % working : -1;
  }
}
