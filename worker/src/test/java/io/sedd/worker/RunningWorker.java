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
final class RunningWorker {

  private RunningWorker() {}

  /** On the reference backend, any free port, looking at LATEST every 50 ms. */
  static WorkerConfiguration configuration(KafkaSite site, Path checkpoints, String... settings) {
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
                "checkpoints.folder=" + checkpoints,
                "checkpoints.interval=50ms",
                "backend.name=reference",
                "batch.maxRows=512",
                "http.port=0"));
    all.addAll(List.of(settings));
    return WorkerConfiguration.read(Optional.empty(), Map.of(), all);
  }

  static Worker start(KafkaSite site, Path checkpoints, String... settings)
      throws InterruptedException {
    return Worker.start(configuration(site, checkpoints, settings));
  }

  static HttpResponse<String> get(Worker worker, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = worker.httpAddress().resolve(path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
