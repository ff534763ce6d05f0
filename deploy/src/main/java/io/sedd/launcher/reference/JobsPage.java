package io.sedd.launcher.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sedd.protocol.job.JobCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** {@code docs/jobs.md}: the messages, from the JSON schemas and the AsyncAPI document. */
public final class JobsPage {

  private final ObjectMapper json = new ObjectMapper();
  private final JsonNode api;

  /** Reads the documents that are built in. */
  public JobsPage() throws IOException {
    api = new ObjectMapper(new YAMLFactory()).readTree(resource("asyncapi.yaml"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = JobCodec.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** The page in Markdown. */
  public String markdown() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Jobs and what comes back

        Every message is one record: UTF-8 JSON, its key the job's id. Unknown fields, wrong types and values out of range are errors \
        with a JSON path; nothing is clamped. The schemas and the AsyncAPI document lie in \
        [protocol/src/main/resources](../protocol/src/main/resources), and a worker serves them at `/docs`. How to send and receive: \
        [clients.md](clients.md). Made by `./sedd reference jobs > docs/jobs.md`; a test keeps this page and the code together.
        """);
    for (Map.Entry<String, JsonNode> channel : api.path("channels").properties()) {
      channel(page, channel.getValue());
    }
    page.append(
        "\n## Errors\n\nThe error of a failed result, and, in headers, of a dead letter.\n\n");
    page.append(new SchemaTable(JobsPage::schema).of("job-error.schema.json"));
    return page.toString();
  }

  private void channel(StringBuilder page, JsonNode channel) throws IOException {
    page.append(
        "\n## %s: topic `%s`\n\n%s\n"
            .formatted(
                channel.path("title").textValue(),
                channel.path("address").textValue(),
                channel.path("description").textValue().strip()));
    for (JsonNode reference : channel.path("messages")) {
      message(page, at(reference));
    }
  }

  private void message(StringBuilder page, JsonNode message) throws IOException {
    page.append("\n### ").append(message.path("title").textValue()).append("\n\n");
    if (message.has("description")) {
      page.append(message.path("description").textValue().strip()).append("\n\n");
    }
    String payload = message.path("payload").path("$ref").asText("");
    if (payload.isEmpty()) {
      page.append("Value: ").append(message.path("payload").path("description").textValue());
      page.append("\n\n");
    } else {
      page.append(new SchemaTable(JobsPage::schema).of(payload.substring("schemas/".length())));
    }
    if (message.has("headers")) {
      headers(page, at(message.path("headers")));
    }
    for (JsonNode example : message.path("examples")) {
      if (example.has("payload")) {
        page.append(example.path("summary").asText("")).append("\n\n```json\n");
        page.append(json.writeValueAsString(example.path("payload"))).append("\n```\n\n");
      }
    }
    while (page.charAt(page.length() - 1) == '\n' && page.charAt(page.length() - 2) == '\n') {
      page.setLength(page.length() - 1);
    }
  }

  private static void headers(StringBuilder page, JsonNode headers) {
    page.append("Headers");
    if (headers.has("description")) {
      page.append(" (").append(Cell.of(headers.path("description").textValue())).append(")");
    }
    page.append(":\n\n| header | meaning |\n|---|---|\n");
    for (Map.Entry<String, JsonNode> header : headers.path("properties").properties()) {
      page.append(
          "| `%s` | %s |\n"
              .formatted(
                  header.getKey(), Cell.of(header.getValue().path("description").asText(""))));
    }
    page.append("\n");
  }

  private JsonNode at(JsonNode reference) {
    return api.at(reference.path("$ref").textValue().substring(1));
  }

  private static JsonNode schema(String file) {
    try {
      return new ObjectMapper().readTree(resource("schemas/" + file));
    } catch (IOException e) {
      throw new IllegalStateException("the schema " + file + " is built in", e);
    }
  }
}
