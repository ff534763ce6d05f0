package io.sedd.worker.faults;

import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.broker.KafkaSite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole worker as a process of its own, with the command line that an operator would use. */
final class WorkerProcess implements AutoCloseable {

  /** Enough to start a JVM on a loaded machine, and to end one in order. */
  static final Duration LIMIT = Duration.ofSeconds(90);

  private static final Pattern UP = Pattern.compile("is up; (http://\\S+)");

  private final ChildJvm process;

  private WorkerProcess(ChildJvm process) {
    this.process = process;
  }

  /**
   * Starts one; it may not be up yet.
   *
   * @param bootstrapServers where it finds the broker
   * @param settings further keys, which win
   */
  static WorkerProcess start(
      KafkaSite site,
      String name,
      String bootstrapServers,
      Path checkpoints,
      Path log,
      List<String> jvmOptions,
      List<String> settings)
      throws IOException {
    JobTopics topics = site.topics();
    List<String> keys =
        new ArrayList<>(
            List.of(
                "name=" + name,
                "kafka.bootstrap.servers=" + bootstrapServers,
                "topics.jobs=" + topics.jobs(),
                "topics.results=" + topics.results(),
                "topics.progress=" + topics.progress(),
                "topics.control=" + topics.control(),
                "topics.deadLetters=" + topics.deadLetters(),
                "group=" + site.group(),
                "checkpoints.folder=" + checkpoints,
                "checkpoints.interval=100ms",
                "backend.name=" + FaultyProvider.NAME,
                "batch.maxRows=128",
                "queue.maxTokenSteps=50000",
                "delivery.drainLimit=2s",
                "delivery.stopLimit=5s",
                "http.port=0",
                "admin.port=0"));
    // time limits of seconds: the faults take longer than these, as they do in production
    keys.addAll(
        List.of(
            // after a kill and a restart the broker may forget the session of a dead member, and
            // then gives its partitions to others only when this has passed
            "kafka.max.poll.interval.ms=20000",
            "kafka.request.timeout.ms=2000",
            "kafka.delivery.timeout.ms=4000",
            "kafka.transaction.timeout.ms=5000",
            "kafka.max.block.ms=4000",
            "kafka.default.api.timeout.ms=5000",
            "kafka.reconnect.backoff.max.ms=300"));
    keys.addAll(settings);
    List<String> arguments = new ArrayList<>();
    keys.forEach(key -> arguments.addAll(List.of("--set", key)));
    List<String> options = new ArrayList<>(List.of("-Xmx128m"));
    options.addAll(jvmOptions);
    return new WorkerProcess(ChildJvm.start(name, log, options, WorkerMain.class, arguments));
  }

  String name() {
    return process.name();
  }

  boolean running() {
    return process.running();
  }

  /** Waits until it says that it is up. */
  void awaitUp() throws IOException {
    process.awaitPrinted("is up; ", LIMIT);
  }

  /** Waits until it has said something in its log. */
  void awaitSaid(String text) throws IOException {
    process.awaitPrinted(text, LIMIT);
  }

  /** Waits until it says that it cannot publish. */
  void awaitTroubled() throws IOException {
    process.awaitPrinted("kept and tried again", LIMIT);
  }

  /** What it says over HTTP. */
  String get(String path) throws IOException, InterruptedException {
    Matcher up = UP.matcher(process.printed());
    if (!up.find()) {
      throw new IllegalStateException(name() + " is not up yet");
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create(up.group(1)).resolve(path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.kill();
  }

  /** SIGSTOP. */
  void freeze() throws IOException, InterruptedException {
    process.freeze();
  }

  /** SIGCONT. */
  void thaw() throws IOException, InterruptedException {
    process.thaw();
  }

  /** SIGTERM; fails if it does not end in order. */
  void stop() throws IOException, InterruptedException {
    if (running()) {
      var _ = process.stop(LIMIT);
    }
  }

  /** Waits until it ends by itself. */
  int awaitEnd() throws IOException, InterruptedException {
    return process.awaitEnd(LIMIT);
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
