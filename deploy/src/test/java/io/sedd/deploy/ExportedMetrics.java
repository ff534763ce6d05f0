package io.sedd.deploy;

import io.sedd.trainer.training.PrometheusEndpoint;
import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every name of a series that a worker or a trainer shows, as their own pages have them. */
final class ExportedMetrics {

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

  /** A name of this project or of its processes, in a query. */
  private static final Pattern NAMED =
      Pattern.compile("(?<![\\w:])((?:sedd|process|jvm)_[a-zA-Z0-9_]+)");

  private ExportedMetrics() {}

  static Set<String> names() {
    return ofPages(true);
  }

  private static Set<String> ofPages(boolean parts) {
    WorkerMetrics worker = new WorkerMetrics();
    // the one that is not there before a checkpoint is
    worker.set(Metric.CHECKPOINT_INFO, 1, "a", "1", "b");
    Set<String> names = names(worker.page(Set.of()), parts);
    names.addAll(names(trainerPage(), parts));
    return names;
  }

  private static String trainerPage() {
    PrometheusEndpoint endpoint = new PrometheusEndpoint(0, InstantSource.system());
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/metrics");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError("the trainer's page cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      endpoint.close();
    }
  }

  private static Set<String> names(String page, boolean parts) {
    Set<String> names = new TreeSet<>();
    for (MatchResult type : TYPE.matcher(page).results().toList()) {
      String name = type.group(1);
      if (!parts) {
        names.add(name);
      } else if (type.group(2).equals("histogram")) {
        names.addAll(Set.of(name + "_bucket", name + "_count", name + "_sum"));
      } else if (type.group(2).equals("summary")) {
        names.addAll(Set.of(name + "_count", name + "_sum"));
      } else {
        names.add(name);
      }
    }
    return names;
  }

  /** The names of metrics that stand in a text. */
  static Set<String> namedIn(String text) {
    return NAMED.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet());
  }

  /** Names in a text that nobody exports. */
  static Set<String> unknownIn(String text) {
    Set<String> unknown = new TreeSet<>(namedIn(text));
    unknown.removeAll(names());
    return unknown;
  }

  /** Names in a text for people, which has those of whole histograms, that nobody exports. */
  static Set<String> unknownFamiliesIn(String text) {
    Set<String> unknown = new TreeSet<>(namedIn(text));
    unknown.removeAll(ofPages(false));
    return unknown;
  }

  /** All labels that a query may use: the metrics' own, and those that a scrape adds. */
  static Set<String> labels() {
    Set<String> labels =
        Arrays.stream(Metric.values())
            .flatMap(metric -> metric.labels().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    labels.addAll(Set.of("job", "instance", "le", "area", "gc", "pool"));
    return labels;
  }
}
