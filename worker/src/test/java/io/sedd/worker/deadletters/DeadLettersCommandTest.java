package io.sedd.worker.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.ReplayHeader;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.SettlementRecords;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@ExtendWith(BrokerExtension.class)
class DeadLettersCommandTest {

  private static final byte[] VALUE = "{\"id\":\"a\",\"steps\":0} \u0001 é".getBytes(UTF_8);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theListShowsWhereFromAndWhyAndIsFiltered(KafkaSite site) throws Exception {
    bury(site, "a", VALUE, JobError.Code.OUT_OF_RANGE);
    bury(site, "b", VALUE, JobError.Code.NOT_JSON);
    assertEquals(0, run(site, "list"), err::toString);
    assertTrue(out.toString().contains("out_of_range"), out::toString);
    assertEquals(3, out.toString().lines().count(), out::toString);
    List<JsonNode> all = json(site);
    assertEquals(2, all.size());
    assertEquals("a", all.getFirst().path("id").textValue());
    assertEquals(site.topics().jobs(), all.getFirst().path("sedd.original.topic").textValue());
    assertFalse(all.getFirst().has("value"));
    assertEquals("b", json(site, "--code=not_json").getFirst().path("id").textValue());
    assertEquals(1, json(site, "--id=a").size());
    assertEquals(1, json(site, "--select=0:0").size());
    assertEquals(2, json(site, "--since=PT1H").size());
    assertEquals(0, json(site, "--since=2999-01-01T00:00:00Z").size());
    assertEquals(
        new String(VALUE, UTF_8),
        json(site, "--id=a", "--values").getFirst().path("value").textValue());
  }

  @Test
  void aReplayedLetterIsTheOriginalRecordAndIsNotReplayedTwice(KafkaSite site) throws Exception {
    bury(site, "a", VALUE, JobError.Code.INTERNAL);
    bury(site, "b", VALUE, JobError.Code.NOT_JSON);
    assertEquals(0, run(site, "replay", "--code=internal", "--dry-run"));
    assertEquals(0, site.await(site.topics().jobs(), 0).size());
    assertEquals(0, run(site, "replay", "--code=internal"), err::toString);
    ConsumerRecord<byte[], byte[]> job = site.await(site.topics().jobs(), 1).getFirst();
    assertArrayEquals(VALUE, job.value());
    assertEquals("a", new String(job.key(), UTF_8));
    assertEquals("00-1", new String(job.headers().lastHeader("traceparent").value(), UTF_8));
    assertEquals(
        "1", new String(job.headers().lastHeader(ReplayHeader.ATTEMPT.key()).value(), UTF_8));
    assertNull(job.headers().lastHeader(DeadLetterHeader.ERROR_CODE.key()));

    assertEquals(0, run(site, "replay", "--all"), err::toString);
    assertEquals(0, run(site, "replay", "--all"), err::toString);
    assertEquals(2, site.await(site.topics().jobs(), 2).size());
    List<JsonNode> all = json(site);
    assertEquals(2, all.size());
    assertTrue(all.stream().allMatch(letter -> letter.path("replayed").booleanValue()));
    assertEquals(0, run(site, "replay", "--id=b", "--again"), err::toString);
    assertEquals(3, site.await(site.topics().jobs(), 3).size());
  }

  @Test
  void aReplayWithoutASelectionIsAUsageError(KafkaSite site) {
    assertEquals(2, run(site, "replay"));
    assertTrue(err.toString().contains("--all"), err::toString);
    assertEquals(2, run(site, "replay", "--select=7"));
    assertEquals(2, run(site, "list", "--since=yesterday"));
    assertEquals(2, run(site));
  }

  @Test
  void aLetterWithoutItsValueIsLeftAndSaidSo(KafkaSite site) throws Exception {
    bury(site, "empty", null, JobError.Code.NOT_JSON);
    bury(site, "whole", VALUE, JobError.Code.NOT_JSON);
    assertEquals(1, run(site, "replay", "--all"));
    assertTrue(err.toString().contains("cannot replay 0:0"), err::toString);
    assertEquals(1, site.await(site.topics().jobs(), 1).size());
  }

  private static void bury(KafkaSite site, String id, byte[] value, JobError.Code code)
      throws Exception {
    SettlementRecords records =
        new SettlementRecords(site.topics(), new Results("w"), 1 << 20, Clock.systemUTC());
    ConsumerRecord<byte[], byte[]> original =
        new ConsumerRecord<>(site.topics().jobs(), 1, 7, id.getBytes(UTF_8), value);
    original.headers().add("traceparent", "00-1".getBytes(UTF_8));
    Settlement refused = new Settlement.Refused(new JobError(code, "why", "$"), Optional.empty());
    try (Producer<byte[], byte[]> producer = site.clients("burier").plainProducer()) {
      for (var record : records.of(original, 2, refused)) {
        producer.send(record).get();
      }
    }
  }

  private List<JsonNode> json(KafkaSite site, String... filters) throws Exception {
    out.getBuffer().setLength(0);
    List<String> arguments = new ArrayList<>(List.of("list", "--json"));
    arguments.addAll(List.of(filters));
    assertEquals(0, run(site, arguments.toArray(String[]::new)), err::toString);
    List<JsonNode> objects = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    return objects;
  }

  private int run(KafkaSite site, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.isEmpty()) {
      all.add("--bootstrap-servers=" + site.bootstrapServers());
      all.add("--topic=" + site.topics().deadLetters());
    }
    return new CommandLine(new DeadLettersCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
