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
 */
final class BrokerProcess implements AutoCloseable {

  /** A member that is not heard of for so long is put out of its group. */
  static final Duration SESSION = Duration.ofSeconds(3);

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final Path settings;
  private final int port;
  private final List<BrokerDoor> doors = new ArrayList<>();
  private ChildJvm process;

  /**
   * A broker that runs.
   *
   * @param folder for its records, settings and log
   * @param doors how many
   */
  BrokerProcess(Path folder, int doors, FreePorts ports) throws IOException {
    this.folder = folder;
    this.settings = folder.resolve("broker.properties");
    this.port = ports.take();
    Properties properties = new Properties();
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
    int controller = ports.take();
    properties.put("listeners", listeners + ",CONTROLLER://" + HOST + ":" + controller);
    properties.put("advertised.listeners", advertised);
    properties.put("listener.security.protocol.map", protocols);
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put("controller.quorum.voters", "1@" + HOST + ":" + controller);
    hurry(properties);
    Files.createDirectories(folder);
    try (Writer writer = Files.newBufferedWriter(settings)) {
      properties.store(writer, null);
    }
    start();
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
    process =
        ChildJvm.start(
            "broker",
            folder.resolve("broker.log"),
            List.of("-Xmx320m", "-Dsedd.test.libraries=INFO"),
            BrokerMain.class,
            List.of(folder.resolve("records").toString(), settings.toString()));
    process.awaitPrinted(BrokerMain.READY, START_LIMIT);
  }

  /** Stops it in order. */
  void stop() throws IOException, InterruptedException {
    var _ = process.stop(START_LIMIT);
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.kill();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.close();
    for (BrokerDoor door : doors) {
      door.close();
    }
  }
}
