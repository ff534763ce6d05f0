package io.sedd.worker;

import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts whole workers for tests and asks their HTTP server. */
public final class RunningWorker {

  private RunningWorker() {}

  /** On the reference backend, any free port, looking at LATEST every 50 ms. */
  public static WorkerConfiguration configuration(
      KafkaSite site, Path checkpoints, String... settings) {
    return WorkerConfiguration.read(
        Optional.empty(), Map.of(), settings(site, checkpoints, settings));
  }

  /** As above, with checkpoints from where the settings say. */
  public static WorkerConfiguration configuration(KafkaSite site, List<String> settings) {
    return WorkerConfiguration.read(Optional.empty(), Map.of(), withDefaults(site, settings));
  }

  /** As {@code --set} wants them. */
  static List<String> settings(KafkaSite site, Path checkpoints, String... settings) {
    List<String> all = new ArrayList<>(List.of("checkpoints.folder=" + checkpoints));
    all.addAll(List.of(settings));
    return withDefaults(site, all);
  }

  private static List<String> withDefaults(KafkaSite site, List<String> settings) {
    JobTopics topics = site.topics();
    List<String> all =
        new ArrayList<>(
            List.of(
                "name=tested",
                "kafka.bootstrap.servers=" + site.bootstrapServers(),
                "topics.jobs=" + topics.jobs(),
                "topics.results=" + topics.results(),
                "topics.progress=" + topics.progress(),
                "topics.control=" + topics.control(),
                "topics.deadLetters=" + topics.deadLetters(),
                "group=" + site.group(),
                "checkpoints.interval=50ms",
                "backend.name=reference",
                "batch.maxRows=512",
                "http.port=0",
                "admin.port=0"));
    all.addAll(settings);
    return all;
  }

  public static Worker start(KafkaSite site, Path checkpoints, String... settings)
      throws InterruptedException {
    return Worker.start(configuration(site, checkpoints, settings));
  }

  public static HttpResponse<String> get(Worker worker, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = worker.httpAddress().resolve(path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Gives a command, such as {@code POST pause}, to the admin API of a worker that has one. */
  public static HttpResponse<String> admin(
      Worker worker, String method, String command, String token, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = worker.adminAddress().orElseThrow().resolve(command);
      return client.send(
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + token)
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
