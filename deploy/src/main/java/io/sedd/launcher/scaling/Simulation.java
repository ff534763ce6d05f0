package io.sedd.launcher.scaling;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Workers on one topic, event by event. The same seed gives the same numbers.
 *
 * <p>Left out: the network's own time, fetching (jobs are small and fetched ahead), crashes, and
 * rebalances, which {@link JoinTime} looks at apart.
 */
final class Simulation {

  private enum Kind {
    ARRIVAL,
    END,
    CONFIRMED
  }

  private record Event(
      double time, long order, Kind kind, SimulatedWorker worker, int plan, List<SimulatedJob> jobs)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(time, other.time);
      return byTime == 0 ? Long.compare(order, other.order) : byTime;
    }
  }

  private final Delivery delivery;
  private final JobMix mix;
  private final double arrivalsPerSecond;
  private final double end;
  private final SplittableRandom random;
  private final Topic topic;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();

  /** Workers that have room and found nothing to take; the one that waited longest is first. */
  private final LinkedHashSet<SimulatedWorker> hungry = new LinkedHashSet<>();

  private long order;
  private double brokerFree;
  private long confirmed;
  private double waits;
  private double times;

  private Simulation(
      Delivery delivery,
      JobMix mix,
      Speed speed,
      int count,
      double arrivalsPerSecond,
      double end,
      long seed) {
    this.delivery = delivery;
    this.mix = mix;
    this.arrivalsPerSecond = arrivalsPerSecond;
    this.end = end;
    this.random = new SplittableRandom(seed);
    this.topic = new Topic(delivery, count);
    for (int i = 0; i < count; i++) {
      workers.add(new SimulatedWorker(i, speed, delivery.inHand()));
    }
  }

  /**
   * Jobs that arrive at random, by a Poisson process, on random partitions.
   *
   * @param seconds of simulated time; the first tenth does not count
   */
  static Outcome arriving(
      Delivery delivery,
      JobMix mix,
      Speed speed,
      int workers,
      double arrivalsPerSecond,
      double seconds,
      long seed) {
    Simulation simulation =
        new Simulation(delivery, mix, speed, workers, arrivalsPerSecond, seconds, seed);
    simulation.workers.forEach(worker -> simulation.fill(worker, 0));
    simulation.schedule(simulation.pause(), Kind.ARRIVAL, null, 0, List.of());
    return simulation.run(seconds / 10);
  }

  /**
   * As much work as anybody can take: no partition is ever empty.
   *
   * @param seconds of simulated time; the first half does not count
   */
  static Outcome saturated(
      Delivery delivery, JobMix mix, Speed speed, int workers, double seconds, long seed) {
    Simulation simulation = new Simulation(delivery, mix, speed, workers, 0, seconds, seed);
    simulation.topic.neverEmpty(() -> mix.draw(simulation.random));
    simulation.workers.forEach(worker -> simulation.fill(worker, 0));
    return simulation.run(seconds / 2);
  }

  private double pause() {
    return -Math.log(1 - random.nextDouble()) / arrivalsPerSecond;
  }

  private void schedule(
      double time, Kind kind, SimulatedWorker worker, int plan, List<SimulatedJob> jobs) {
    events.add(new Event(time, order++, kind, worker, plan, jobs));
  }

  /**
   * To the end.
   *
   * @param warm what ends before this time does not count
   */
  private Outcome run(double warm) {
    long before = 0;
    double busyBefore = 0;
    boolean counting = false;
    while (!events.isEmpty() && events.peek().time() <= end) {
      Event event = events.remove();
      if (!counting && event.time() >= warm) {
        counting = true;
        before = confirmed;
        busyBefore = busy(warm);
        waits = 0;
        times = 0;
      }
      take(event);
    }
    long done = confirmed - before;
    return new Outcome(
        workers.size(),
        done / (end - warm),
        (busy(end) - busyBefore) / (end - warm) / workers.size(),
        waits / done,
        times / done);
  }

  private double busy(double now) {
    double sum = 0;
    for (SimulatedWorker worker : workers) {
      worker.advance(now);
      sum += worker.busy();
    }
    return sum;
  }

  private void take(Event event) {
    double now = event.time();
    switch (event.kind()) {
      case ARRIVAL -> {
        int partition = random.nextInt(delivery.partitions());
        topic.add(new SimulatedJob(partition, now, mix.draw(random)));
        offer(partition, now);
        schedule(now + pause(), Kind.ARRIVAL, null, 0, List.of());
      }
      case END -> {
        if (event.plan() == event.worker().plan()) {
          event.worker().advance(now);
          event.worker().end();
          confirm(event.worker(), now);
          fill(event.worker(), now);
        }
      }
      case CONFIRMED -> {
        for (SimulatedJob job : event.jobs()) {
          topic.done(job);
          confirmed++;
          waits += job.started() - job.arrival();
          times += now - job.arrival();
        }
        event.worker().confirmed(event.jobs().size());
        confirm(event.worker(), now);
        fill(event.worker(), now);
        if (delivery instanceof Delivery.ShareGroup) {
          // locks are free for others too
          event.jobs().forEach(_ -> feed(now));
        }
      }
    }
  }

  /** A job has come: to the owner of its partition, or to any worker with room. */
  private void offer(int partition, double now) {
    int owner = topic.owner(partition);
    if (owner >= 0) {
      fill(workers.get(owner), now);
    } else {
      feed(now);
    }
  }

  /** Lets the worker that has waited longest look again. */
  private void feed(double now) {
    if (!hungry.isEmpty()) {
      fill(hungry.getFirst(), now);
    }
  }

  private void fill(SimulatedWorker worker, double now) {
    worker.advance(now);
    hungry.remove(worker);
    while (worker.hasRoom()) {
      var job = topic.take(worker.number());
      if (job.isEmpty()) {
        if (worker.number() < delivery.working(workers.size())) {
          hungry.add(worker);
        }
        break;
      }
      worker.start(job.get(), now);
    }
    if (worker.isRunning()) {
      schedule(worker.nextEnd(), Kind.END, worker, worker.plan(), List.of());
    }
  }

  /** The broker takes confirmations one after the other; each takes its own time beside that. */
  private void confirm(SimulatedWorker worker, double now) {
    List<SimulatedJob> batch = worker.toConfirm();
    if (batch.isEmpty()) {
      return;
    }
    Delivery.Confirmation costs = delivery.confirmation();
    brokerFree =
        Math.max(now, brokerFree) + costs.perConfirmation() + costs.perJob() * batch.size();
    schedule(Math.max(brokerFree, now + costs.seconds()), Kind.CONFIRMED, worker, 0, batch);
  }
}
