package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.JobCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * {@code /docs}: the AsyncAPI document and the JSON schemas of the messages that this very worker
 * speaks, for whoever writes a client. Read from the class path once.
 */
final class DocsRoutes {

  private static final String ROOT = "/docs";

  private static final List<String> SCHEMAS =
      List.of(
          "generation-job.schema.json",
          "generation-result.schema.json",
          "job-progress.schema.json",
          "job-cancellation.schema.json",
          "job-error.schema.json");

  /** Nothing is loaded, run, framed or sent from here. */
  private static final Map<String, String> POLICY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

  private DocsRoutes() {}

  static void addTo(Routes routes) {
    add(routes, "", "text/html; charset=utf-8", index());
    add(routes, "/asyncapi.yaml", "application/yaml", resource("asyncapi.yaml"));
    for (String schema : SCHEMAS) {
      String path = "/schemas/" + schema; // as the AsyncAPI document names them
      add(routes, path, "application/schema+json", resource("schemas/" + schema));
    }
  }

  private static void add(Routes routes, String path, String type, String body) {
    HttpAnswer answer = new HttpAnswer(200, type, body, POLICY);
    routes.get(ROOT + path, Endpoint.immediate(() -> answer));
  }

  private static String index() {
    StringBuilder links = new StringBuilder();
    for (String schema : SCHEMAS) {
      links.append("<li><a href=\"/docs/schemas/%1$s\">%1$s</a></li>\n".formatted(schema));
    }
    return """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark"><title>Messages of this worker</title></head>
    <body>
    <h1>Messages of this worker</h1>
    <p><a href="/docs/asyncapi.yaml">asyncapi.yaml</a> describes the topics, and what stands in them:</p>
    <ul>
    %s</ul>
    </body>
    </html>
    """
        .formatted(links);
  }

  private static String resource(String name) {
    try (InputStream in = JobCodec.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is part of the protocol's jar", e);
    }
  }
}
