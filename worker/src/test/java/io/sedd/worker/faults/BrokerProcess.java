package io.sedd.worker.faults;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A broker that can be stopped, killed and started again on the same ports with its records. It has
 * one listener for the test itself, which is always reachable, and one behind each {@link
 * BrokerDoor}.
 *
 * <p>The controller is a process of its own that lives on, as in production. A node that is both
 * takes itself, when it comes back after a kill, for the leader that it was, ends open transactions
 * as such, and is then told by itself that its partitions have no leader: markers that wait at that
 * moment are dropped, and what was aborted comes to be committed with the next transaction.
 */
final class BrokerProcess implements AutoCloseable {

  /** A member that is not heard of for so long is put out of its group. */
  static final Duration SESSION = Duration.ofSeconds(3);

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final String HOST = "127.0.0.1";
  private static final int CONTROLLER = 1;
  private static final int BROKER = 2;

  /** The controller misses a killed broker after 1.5 s and looks every half second. */
  private static final Duration MISSED = Duration.ofSeconds(3);

  private final Path folder;
  private final Path settings;
  private final int port;
  private final List<BrokerDoor> doors = new ArrayList<>();
  private final ChildJvm controller;
  private ChildJvm process;

  /**
   * A broker that runs.
   *
   * @param folder for its records, settings and log
   * @param doors how many
   */
  BrokerProcess(Path folder, int doors, FreePorts ports) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.port = ports.take();
    String listeners = "PLAINTEXT://" + HOST + ":" + port;
    String advertised = listeners;
    String protocols = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT";
    for (int i = 0; i < doors; i++) {
      BrokerDoor door = new BrokerDoor(ports.take(), ports.take());
      this.doors.add(door);
      listeners += ",DOOR%d://%s:%d".formatted(i, HOST, door.target());
      advertised += ",DOOR%d://%s:%d".formatted(i, HOST, door.port());
      protocols += ",DOOR%d:PLAINTEXT".formatted(i);
    }
    int controllerPort = ports.take();
    String controllerListener = "CONTROLLER://" + HOST + ":" + controllerPort;
    Properties controlling =
        node("controller", CONTROLLER, controllerPort, controllerListener, controllerListener);
    this.controller = run("controller", write("controller", controlling), "-Xmx128m");
    controller.awaitPrinted(BrokerMain.READY, START_LIMIT);
    Properties serving = node("broker", BROKER, controllerPort, listeners, advertised);
    serving.put("listener.security.protocol.map", protocols);
    serving.put("inter.broker.listener.name", "PLAINTEXT");
    hurry(serving);
    this.settings = write("broker", serving);
    start();
  }

  private static Properties node(
      String role, int id, int controllerPort, String listeners, String advertised) {
    Properties properties = new Properties();
    properties.put("process.roles", role);
    properties.put("node.id", String.valueOf(id));
    properties.put("listeners", listeners);
    properties.put("advertised.listeners", advertised);
    properties.put(
        "controller.quorum.voters", "%d@%s:%d".formatted(CONTROLLER, HOST, controllerPort));
    return properties;
  }

  private Path write(String name, Properties properties) throws IOException {
    Path file = folder.resolve(name + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }

  private ChildJvm run(String name, Path properties, String heap) throws IOException {
    return ChildJvm.start(
        name,
        folder.resolve(name + ".log"),
        List.of(heap, "-Dsedd.test.libraries=INFO"),
        BrokerMain.class,
        List.of(folder.resolve(name + "-records").toString(), properties.toString()));
  }

  /** Limits of seconds where the defaults have minutes, so that a test sees them pass. */
  private static void hurry(Properties properties) {
    String session = String.valueOf(SESSION.toMillis());
    for (String kind : List.of("consumer", "share")) {
      properties.put("group." + kind + ".min.session.timeout.ms", session);
      properties.put("group." + kind + ".session.timeout.ms", session);
      properties.put("group." + kind + ".min.heartbeat.interval.ms", "100");
      properties.put("group." + kind + ".heartbeat.interval.ms", "300");
    }
    // what a killed worker had begun hides later results until it is given up
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    properties.put("group.share.min.record.lock.duration.ms", "1000");
    // what a worker that is frozen or cut off holds is free for others then
    properties.put("group.share.record.lock.duration.ms", session);
  }

  /** For clients that no fault of the network is to reach. */
  String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** For clients behind a door. */
  String bootstrapServers(int door) {
    return HOST + ":" + doors.get(door).port();
  }

  BrokerDoor door(int number) {
    return doors.get(number);
  }

  List<BrokerDoor> doors() {
    return doors;
  }

  /** Starts it, again if it was stopped. */
  void start() throws IOException {
    process = run("broker", settings, "-Xmx320m");
    process.awaitPrinted(BrokerMain.READY, START_LIMIT);
  }

  /** Stops it in order. */
  void stop() throws IOException, InterruptedException {
    var _ = process.stop(START_LIMIT);
  }

  /** SIGKILL, and the time that the controller needs to miss it. */
  void kill() throws InterruptedException {
    process.kill();
    Thread.sleep(MISSED);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.close();
    controller.close();
    for (BrokerDoor door : doors) {
      door.close();
    }
  }
}
