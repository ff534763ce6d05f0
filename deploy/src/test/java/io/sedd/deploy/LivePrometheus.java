package io.sedd.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A Prometheus in a process of its own, with the rules that are shipped, scraping once a second.
 */
final class LivePrometheus implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = freePort();
  private final Instant begin = Instant.now();
  private final Process process;

  /**
   * Starts it.
   *
   * @param worker port on the loopback address
   * @param trainer likewise
   */
  LivePrometheus(Path folder, int worker, int trainer) throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s/*.yml']
            scrape_configs:
              - job_name: sedd-worker
                static_configs: [{targets: ['127.0.0.1:%d']}]
              - job_name: sedd-trainer
                static_configs: [{targets: ['127.0.0.1:%d']}]
            """
                .formatted(Shipped.DEPLOY.resolve("prometheus").resolve("rules"), worker, trainer));
    process =
        new ProcessBuilder(
                PrometheusTool.find("prometheus").toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
  }

  boolean ready() throws IOException, InterruptedException {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (ConnectException _) {
      return false;
    }
  }

  /** Whether a query had a finite number at some second since the start. */
  boolean hasData(String query) throws IOException, InterruptedException {
    JsonNode answer =
        api(
            "query_range?start=%d&end=%d&step=1&query=%s"
                .formatted(
                    begin.getEpochSecond(),
                    Instant.now().getEpochSecond(),
                    URLEncoder.encode(query, StandardCharsets.UTF_8)));
    for (JsonNode series : answer.path("result")) {
      for (JsonNode point : series.path("values")) {
        if (Double.isFinite(Double.parseDouble(number(point.get(1).asText())))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String number(String value) {
    return value.endsWith("Inf") ? value.replace("Inf", "Infinity") : value;
  }

  /** Answers of the HTTP API; a query that cannot be evaluated is an error. */
  JsonNode api(String path) throws IOException, InterruptedException {
    JsonNode answer = JSON.readTree(get("/api/v1/" + path).body());
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(path + ": " + answer);
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError("no free port on the loopback interface", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    client.close();
  }
}
