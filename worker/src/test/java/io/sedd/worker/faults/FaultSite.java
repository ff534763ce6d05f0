package io.sedd.worker.faults;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Topics, checkpoints, workers and the account of one test, on a broker that it shares with others.
 */
final class FaultSite implements AutoCloseable {

  /** Enough for session time-outs and restarts on a loaded machine. */
  static final Duration LIMIT = Duration.ofSeconds(240);

  private static final Duration TURN = Duration.ofMillis(50);

  private final BrokerProcess broker;
  private final Mode mode;
  private final Path folder;
  private final FileSystemCheckpointStore store;
  private final KafkaSite kafka;
  private final Ledger ledger = new Ledger();
  private final ResultTail tail;
  private final JobFeed feed;
  private final List<WorkerProcess> workers = new ArrayList<>();

  /**
   * A site without workers, with one checkpoint.
   *
   * @param folder for checkpoints and logs
   */
  FaultSite(BrokerProcess broker, Mode mode, Path folder) throws IOException {
    this.broker = broker;
    this.mode = mode;
    this.folder = folder;
    this.store = new FileSystemCheckpointStore(checkpoints());
    this.kafka = KafkaSite.at(broker.bootstrapServers());
    this.tail = new ResultTail(kafka, ledger);
    this.feed = new JobFeed(kafka, ledger);
    publishCheckpoint(1);
  }

  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** Publishes a checkpoint of a network of its own and makes it the latest. */
  void publishCheckpoint(int number) throws IOException {
    TinyCheckpoints.publish(store, "step-%08d".formatted(number), number);
  }

  KafkaSite kafka() {
    return kafka;
  }

  JobFeed feed() {
    return feed;
  }

  Ledger ledger() {
    return ledger;
  }

  /**
   * Starts a worker behind a door.
   *
   * @param jvmOptions such as those of {@link FaultyProvider}
   */
  WorkerProcess start(String name, int door, List<String> jvmOptions, String... settings)
      throws IOException {
    List<String> all = new ArrayList<>(mode.settings());
    all.addAll(List.of(settings));
    WorkerProcess worker =
        WorkerProcess.start(
            kafka,
            name,
            broker.bootstrapServers(door),
            checkpoints(),
            folder.resolve(name + ".log"),
            jvmOptions,
            all);
    workers.add(worker);
    return worker;
  }

  /** Takes in results until so many have come. */
  void awaitResults(int count) {
    await("%d results".formatted(count), () -> ledger.heard() >= count);
  }

  /** Takes in results until nothing that was sent is open. */
  void awaitSettled() {
    awaitSettled(() -> {});
  }

  /** As {@link #awaitSettled()}, doing something now and then meanwhile. */
  void awaitSettled(Runnable meanwhile) {
    await(
        "everything settled",
        () -> {
          meanwhile.run();
          return ledger.open() == 0;
        });
  }

  /** Waits until the broker has put every member out of the group. */
  void awaitNoMember() {
    await("an empty group", () -> kafka.members(mode.groupType()) == 0);
  }

  /** Takes in results until a condition holds. */
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      tail.read(TURN);
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            ("waited %s for %s; %d of %d records are open %s, workers that run: %s; the group: %s;"
                    + " logs in %s")
                .formatted(
                    LIMIT,
                    what,
                    ledger.open(),
                    ledger.sent(),
                    ledger.someOpen(),
                    workers.stream()
                        .filter(WorkerProcess::running)
                        .map(WorkerProcess::name)
                        .toList(),
                    kafka.groupForPeople(mode.groupType()),
                    folder));
      }
    }
  }

  /** Takes in what comes in the next moment. */
  void listen() {
    tail.read(TURN);
  }

  /** How many lines of the workers' logs hold a text. */
  long said(String text) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "*.log")) {
      for (Path log : logs) {
        try (Stream<String> lines = Files.lines(log)) {
          count += lines.filter(line -> line.contains(text)).count();
        }
      }
    }
    return count;
  }

  /** Ends all workers in order and gives the account of everything that was committed. */
  Audit audit() throws IOException, InterruptedException {
    for (WorkerProcess worker : workers) {
      worker.stop();
    }
    tail.readAll(LIMIT);
    return ledger.audit(mode);
  }

  @Override
  public void close() throws InterruptedException {
    for (WorkerProcess worker : workers) {
      worker.close();
    }
    feed.close();
    tail.close();
    kafka.close();
  }
}
