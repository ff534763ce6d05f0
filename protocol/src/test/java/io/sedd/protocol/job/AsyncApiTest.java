package io.sedd.protocol.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The description of the topics is true to the code. */
class AsyncApiTest {

  private static final SchemaFiles SCHEMAS = new SchemaFiles();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document = load();

  @Test
  void itNamesTheTopicsOfTheCode() {
    JobTopics topics = JobTopics.defaults();
    assertEquals("3.0.0", document.path("asyncapi").textValue());
    assertEquals(topics.jobs(), address("jobs"));
    assertEquals(topics.results(), address("results"));
    assertEquals(topics.progress(), address("progress"));
    assertEquals(topics.control(), address("control"));
    assertEquals(topics.deadLetters(), address("deadLetters"));
    assertEquals(5, document.path("channels").size());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertFalse(references.isEmpty());
    for (JsonNode reference : references) {
      String target = reference.textValue();
      if (target.startsWith("#")) {
        assertFalse(resolve(target).isMissingNode(), target);
      } else {
        assertNotNull(getClass().getResource("/" + target), target);
      }
    }
  }

  @Test
  void everyMessageWithASchemaHasExamplesThatKeepIt() throws IOException {
    int examples = 0;
    for (JsonNode message : document.at("/components/messages")) {
      if (message.path("payload").has("$ref")) {
        String schema = schemaOf(message);
        for (JsonNode example : message.path("examples")) {
          String payload = JSON.writeValueAsString(example.path("payload"));
          assertEquals(List.of(), SCHEMAS.errors(schema, payload), payload);
          assertInstanceOf(Decoded.Valid.class, decode(schema, payload), payload);
          examples++;
        }
      }
    }
    assertEquals(8, examples);
  }

  @Test
  void theDeadLetterHeadersAreThoseOfTheCode() {
    Set<String> keys =
        Arrays.stream(DeadLetterHeader.values())
            .map(DeadLetterHeader::key)
            .collect(Collectors.toCollection(TreeSet::new));
    JsonNode described = document.at("/components/schemas/deadLetterHeaders/properties");
    JsonNode example = document.at("/components/messages/deadLetter/examples/0/headers");
    assertEquals(keys, names(described));
    assertEquals(keys, names(example));
  }

  @Test
  void theReplayHeadersAreThoseOfTheCode() {
    JsonNode job = document.at("/components/schemas/jobHeaders/properties");
    JsonNode mark = document.at("/components/schemas/replayMarkHeaders/properties");
    assertTrue(job.has(ReplayHeader.ATTEMPT.key()));
    for (SuspectHeader header : SuspectHeader.values()) {
      assertTrue(job.has(header.key()), header::key);
    }
    assertEquals(Set.of(ReplayHeader.REPLAYED_OFFSET.key()), names(mark));
  }

  private String address(String channel) {
    return document.path("channels").path(channel).path("address").textValue();
  }

  private JsonNode resolve(String reference) {
    return document.at(reference.substring(1));
  }

  private static String schemaOf(JsonNode message) {
    String file = message.path("payload").path("$ref").textValue();
    return file.substring("schemas/".length(), file.length() - ".schema.json".length());
  }

  private static Decoded<?> decode(String schema, String payload) {
    byte[] record = Messages.utf8(payload);
    return switch (schema) {
      case "generation-job" -> JobCodec.decodeJob(record, JobLimits.defaults());
      case "generation-result" -> JobCodec.decodeResult(record);
      case "job-progress" -> JobCodec.decodeProgress(record);
      case "job-cancellation" -> JobCodec.decodeCancellation(record, JobLimits.defaults());
      default -> throw new AssertionError("no decoder for " + schema);
    };
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode load() {
    try (InputStream in = AsyncApiTest.class.getResourceAsStream("/asyncapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new AssertionError("asyncapi.yaml cannot be parsed", e);
    }
  }
}
