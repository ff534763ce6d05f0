package io.sedd.worker.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Breaks things, one at a time, in an order that a seed fixes, and mends them again. Between a
 * fault and its mending the load goes on.
 */
final class SoakFaults {

  /** What can happen. */
  enum Kind {
    WORKER_KILLED,
    WORKER_STOPPED,
    WORKER_FROZEN,
    BROKER_STOPPED,
    BROKER_KILLED,
    NETWORK_CUT,
    CONNECTIONS_DROPPED,
    CHECKPOINT_SWAPPED
  }

  /** Two sessions: the group has noticed by then. */
  private static final long LONG_MILLIS = 2 * BrokerProcess.SESSION.toMillis();

  private final FaultSite site;
  private final BrokerProcess broker;
  private final List<Kind> kinds;
  private final SplittableRandom random;
  private final WorkerProcess[] workers;
  private final List<String> jvmOptions;
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final List<Mending> mendings = new ArrayList<>();
  private int starts;
  private int checkpoints = 1;
  private int endedByJobs;

  private interface Repair {
    void run() throws IOException, InterruptedException;
  }

  private record Mending(long atNanos, Repair repair) {}

  SoakFaults(
      FaultSite site,
      BrokerProcess broker,
      int workers,
      List<String> jvmOptions,
      List<Kind> kinds,
      SplittableRandom random)
      throws IOException {
    this.site = site;
    this.broker = broker;
    this.kinds = kinds;
    this.random = random;
    this.jvmOptions = jvmOptions;
    this.workers = new WorkerProcess[workers];
    for (int i = 0; i < workers; i++) {
      startWorker(i);
    }
  }

  private void startWorker(int place) throws IOException {
    // half of the time under its old name, so that it fences what it was
    String name = random.nextBoolean() ? "w" + place : "w" + place + "-" + starts;
    starts++;
    workers[place] = site.start(name, place, jvmOptions, "delivery.maxAttempts=5");
  }

  /** Does the next fault. */
  void strike() throws IOException, InterruptedException {
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    int place = random.nextInt(workers.length);
    WorkerProcess worker = workers[place];
    switch (kind) {
      case WORKER_KILLED -> {
        worker.kill();
        startWorker(place);
      }
      case WORKER_STOPPED -> {
        // in order, so not while it is frozen or cut off
        worker.thaw();
        broker.door(place).open();
        worker.stop();
        startWorker(place);
      }
      case WORKER_FROZEN -> {
        worker.freeze();
        mendIn(LONG_MILLIS, worker::thaw);
      }
      case BROKER_STOPPED -> {
        broker.stop();
        broker.start();
      }
      case BROKER_KILLED -> {
        broker.kill();
        broker.start();
      }
      case NETWORK_CUT -> {
        BrokerDoor door = broker.door(place);
        door.hold();
        mendIn(random.nextLong(LONG_MILLIS), door::open);
      }
      case CONNECTIONS_DROPPED -> broker.door(place).drop();
      case CHECKPOINT_SWAPPED -> site.publishCheckpoint(++checkpoints);
    }
    counts.merge(kind, 1, Integer::sum);
  }

  private void mendIn(long millis, Repair repair) {
    mendings.add(new Mending(System.nanoTime() + millis * 1_000_000, repair));
  }

  /** Mends what is due and starts workers that have ended: a deadly job does that. */
  void mend() throws IOException, InterruptedException {
    for (Mending mending : List.copyOf(mendings)) {
      if (System.nanoTime() - mending.atNanos() > 0) {
        mending.repair().run();
        mendings.remove(mending);
      }
    }
    for (int i = 0; i < workers.length; i++) {
      if (!workers[i].running()) {
        endedByJobs++;
        startWorker(i);
      }
    }
  }

  /** Whether nothing is broken for a time that has not passed yet. */
  boolean mended() {
    return mendings.isEmpty();
  }

  Map<Kind, Integer> counts() {
    return counts;
  }

  /** Workers that ended although nobody ended them. */
  int endedByJobs() {
    return endedByJobs;
  }

  int starts() {
    return starts;
  }
}
