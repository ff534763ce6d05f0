package io.sedd.launcher.demo;

import io.sedd.launcher.SeddHome;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sedd demo}: the whole path in one process, with real parts. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a Kafka broker and a worker in this process, sends jobs of every kind, swaps a newer",
      "checkpoint in while they run, and prints what comes back."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every job ended as it should", "1:one did not", "2:wrong usage"})
public final class DemoCommand implements Callable<Integer> {

  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;

  @Option(
      names = {"--stay", "--keep"},
      description = {
        "Leave broker and worker running afterwards, until Ctrl-C: to look at the live page,",
        "to write jobs on it, or for 'sedd submit' and 'sedd top'."
      })
  private boolean stay;

  @Option(
      names = "--backend",
      description = "reference, nd4j or cuda; default: the best that can start.")
  private Optional<String> backend = Optional.empty();

  @Option(
      names = "--checkpoints",
      description = "Folder of at least two checkpoints; default: those that come with the demo.")
  private Path checkpoints = SeddHome.demoCheckpoints();

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port of the live page, health and metrics; default: any free one.")
  private int port;

  @Option(
      names = "--limit",
      defaultValue = "PT5M",
      description = "Give up after this time; default: ${DEFAULT-VALUE}.")
  private Duration limit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Report report = new Report(out, spec.commandLine().getColorScheme().ansi());
    Path folder = Files.createTempDirectory("sedd-demo");
    CountDownLatch ended = new CountDownLatch(1);
    endInOrderOnCtrlC(Thread.currentThread(), ended);
    try {
      return run(folder, report);
    } finally {
      delete(folder);
      ended.countDown();
    }
  }

  /** Worker and broker are closed, and their folder deleted, by the thread that started them. */
  private static void endInOrderOnCtrlC(Thread demo, CountDownLatch ended) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  demo.interrupt();
                  try {
                    boolean _ = ended.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "end-of-demo"));
  }

  private int run(Path folder, Report report) throws IOException, InterruptedException {
    Path watched = Files.createDirectories(folder.resolve("checkpoints"));
    CheckpointSwap swap = new CheckpointSwap(checkpoints, watched);
    swap.publish(swap.older());
    JobTopics topics = JobTopics.defaults();
    report.heading("Starting a Kafka broker and a worker");
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder.resolve("broker"))) {
      createTopics(broker, topics);
      try (Worker worker = Worker.start(configuration(broker, watched));
          Outcomes outcomes = new Outcomes(broker.bootstrapServers(), topics);
          JobFeed feed = new JobFeed(broker.bootstrapServers(), topics.jobs())) {
        worker.firstCheckpoint().join();
        report.say("broker " + broker.bootstrapServers() + ", worker " + worker.httpAddress());
        report.say("live page: " + worker.httpAddress() + "/");
        DemoRun run = new DemoRun(worker, swap, feed, outcomes, report, limit);
        boolean well = run.toTheEnd();
        report.say("metrics: " + worker.httpAddress() + "/metrics");
        if (stay) {
          stayUp(broker, worker, report);
        }
        return well ? 0 : 1;
      }
    }
  }

  private static void stayUp(EmbeddedBroker broker, Worker worker, Report report) {
    report.heading(
        "Still running; end it with Ctrl-C. Look at " + worker.httpAddress() + "/, or try:");
    report.say("  ./sedd top " + worker.httpAddress());
    report.say(
        "  ./sedd submit --bootstrap-servers "
            + broker.bootstrapServers()
            + " --template '{\"text\": \"One day, a big dog\"}' --template '{\"blank\": 40}'");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      report.heading("Stopping");
    }
  }

  private static void createTopics(EmbeddedBroker broker, JobTopics topics) {
    Map<String, Integer> partitions = new HashMap<>();
    partitions.put(topics.jobs(), 4);
    for (String topic :
        List.of(topics.results(), topics.progress(), topics.control(), topics.deadLetters())) {
      partitions.put(topic, 1);
    }
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      TopicCreation.create(admin, partitions);
    }
  }

  private WorkerConfiguration configuration(EmbeddedBroker broker, Path watched) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "name=demo-worker",
                "checkpoints.folder=" + watched,
                "checkpoints.interval=200ms",
                "http.port=" + port,
                // only this machine can reach it, and nothing here is anybody's secret
                "page.texts=true",
                "page.submit=true"));
    backend.ifPresent(name -> settings.add("backend.name=" + name));
    return WorkerConfiguration.read(Optional.empty(), Map.of(), settings);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
