package io.sedd.worker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import io.sedd.protocol.job.GenerationResult.Outcome;
import io.sedd.protocol.job.GenerationResult.Sample;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.JobTopics;
import io.sedd.protocol.job.SuspectHeader;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class SettlementRecordsTest {

  private static final int MOST = 20_000;
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final JobError ERROR = new JobError(JobError.Code.NOT_JSON, "no", "$");

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final SettlementRecords records =
      new SettlementRecords(
          JobTopics.defaults(), new Results("w"), MOST, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aResultIsKeyedByItsJob() {
    ProducerRecord<byte[], byte[]> record = settle(original(8), ended("short")).getFirst();
    assertEquals("sedd.results", record.topic());
    assertEquals("job", new String(record.key(), UTF_8));
    assertEquals(
        "short", JobCodec.decodeResult(record.value()).orElseThrow().samples().getFirst().text());
  }

  @Test
  void aResultThatNoRecordHoldsBecomesAFailedOneThatSaysSo() {
    ProducerRecord<byte[], byte[]> record = settle(original(8), ended("x".repeat(MOST))).getFirst();
    GenerationResult result = JobCodec.decodeResult(record.value()).orElseThrow();
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals(JobError.Code.TOO_LARGE, result.error().orElseThrow().code());
    assertEquals("c", result.checkpoint().orElseThrow().name());
    assertTrue(record.value().length < MOST);
  }

  @Test
  void aDeadLetterKeepsItsValueAndSaysWhereItCameFrom() {
    ConsumerRecord<byte[], byte[]> original = original(8);
    ProducerRecord<byte[], byte[]> record =
        settle(original, new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertEquals("sedd.dead-letters", record.topic());
    assertArrayEquals(original.value(), record.value());
    assertEquals("3", header(record, DeadLetterHeader.ORIGINAL_PARTITION));
    assertEquals("42", header(record, DeadLetterHeader.ORIGINAL_OFFSET));
    assertEquals("2", header(record, DeadLetterHeader.ATTEMPT));
    assertEquals("w", header(record, DeadLetterHeader.WORKER));
    assertEquals("2026-11-24T12:00:00Z", header(record, DeadLetterHeader.TIME));
    assertNull(record.headers().lastHeader(DeadLetterHeader.ORIGINAL_KEY.key()));
  }

  @Test
  void aDeadLetterThatNoRecordHoldsLeavesItsValueOutAndSaysSo() {
    ProducerRecord<byte[], byte[]> record =
        settle(original(MOST), new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertNull(record.value());
    assertTrue(header(record, DeadLetterHeader.ERROR_MESSAGE).contains(MOST + " bytes"));
  }

  @Test
  void aDeadLetterLeavesOutAKeyAndHeadersThatNoRecordHolds() {
    ConsumerRecord<byte[], byte[]> original =
        new ConsumerRecord<>("sedd.jobs", 3, 42, new byte[MOST], new byte[8]);
    original.headers().add("foreign", new byte[MOST]);
    ProducerRecord<byte[], byte[]> record =
        settle(original, new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertArrayEquals(original.value(), record.value());
    assertNull(record.key());
    assertNull(record.headers().lastHeader("foreign"));
    String message = header(record, DeadLetterHeader.ERROR_MESSAGE);
    assertTrue(message.contains("its key of") && message.contains("its headers of"), message);
  }

  @Test
  void aResultWhoseMetadataNoRecordHoldsLeavesThemOutAndSaysSo() {
    JobError why = new JobError(JobError.Code.NO_BLANK, "nothing to fill", "$.template");
    GenerationResult failed = new Results("w").refused("job", Map.of("key", "x".repeat(MOST)), why);
    ProducerRecord<byte[], byte[]> record =
        settle(original(8), new Settlement.Refused(why, Optional.of(failed))).getLast();
    assertTrue(record.value().length < MOST);
    GenerationResult result = JobCodec.decodeResult(record.value()).orElseThrow();
    assertEquals(Map.of(), result.metadata());
    assertTrue(result.error().orElseThrow().message().contains("nothing to fill"));
  }

  @Test
  void theTraceOfAJobIsCarriedToItsResultAndItsDeadLetter() {
    ConsumerRecord<byte[], byte[]> original = original(8);
    original.headers().add("traceparent", PARENT.getBytes(UTF_8)).add("mine", new byte[1]);
    ProducerRecord<byte[], byte[]> result = settle(original, ended("text")).getFirst();
    assertEquals(PARENT, new String(result.headers().lastHeader("traceparent").value(), UTF_8));
    assertEquals(1, result.headers().toArray().length);
    ProducerRecord<byte[], byte[]> dead =
        settle(original, new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertEquals(PARENT, new String(dead.headers().lastHeader("traceparent").value(), UTF_8));
  }

  @Test
  void aRecordThatIsSentAgainKeepsWhatItHasAndSaysWhatIsKnownOfIt() {
    ConsumerRecord<byte[], byte[]> original = original(8);
    original.headers().add("mine", new byte[1]);
    ProducerRecord<byte[], byte[]> sent =
        settle(original, new Settlement.SentAgain(Suspicion.of(original).with(2))).getFirst();
    assertEquals("sedd.jobs", sent.topic());
    assertArrayEquals(original.value(), sent.value());
    assertNull(sent.timestamp(), "the original has none");
    assertEquals(1, sent.headers().lastHeader("mine").value().length);
    ConsumerRecord<byte[], byte[]> copy =
        new ConsumerRecord<>("sedd.jobs", 0, 7, sent.key(), sent.value());
    sent.headers().forEach(copy.headers()::add);
    assertEquals(new Suspicion(true, 2, 3, 42, original.timestamp()), Suspicion.of(copy));
    ProducerRecord<byte[], byte[]> dead =
        settle(copy, new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertEquals("3", header(dead, DeadLetterHeader.ORIGINAL_PARTITION));
    assertEquals("42", header(dead, DeadLetterHeader.ORIGINAL_OFFSET));
    assertNull(dead.headers().lastHeader(SuspectHeader.LONE_STARTS.key()), "of a new beginning");
  }

  @Test
  void headersThatNoWorkerWroteMakeNoSuspect() {
    ConsumerRecord<byte[], byte[]> record = original(8);
    record.headers().add(SuspectHeader.LONE_STARTS.key(), "many".getBytes(UTF_8));
    assertEquals(new Suspicion(false, 0, 3, 42, record.timestamp()), Suspicion.of(record));
  }

  @Test
  void aRecordThatDiesAgainSaysWhyItDiedTheLastTime() {
    ConsumerRecord<byte[], byte[]> original = original(8);
    original.headers().add(DeadLetterHeader.ERROR_CODE.key(), "internal".getBytes(UTF_8));
    ProducerRecord<byte[], byte[]> dead =
        settle(original, new Settlement.Refused(ERROR, Optional.empty())).getFirst();
    assertEquals("not_json", header(dead, DeadLetterHeader.ERROR_CODE));
    int codes = 0;
    for (var _ : dead.headers().headers(DeadLetterHeader.ERROR_CODE.key())) {
      codes++;
    }
    assertEquals(1, codes);
  }

  private List<ProducerRecord<byte[], byte[]>> settle(
      ConsumerRecord<byte[], byte[]> original, Settlement settlement) {
    return records.of(original, 2, settlement);
  }

  private static ConsumerRecord<byte[], byte[]> original(int bytes) {
    return new ConsumerRecord<>("sedd.jobs", 3, 42, null, new byte[bytes]);
  }

  private static Settlement ended(String text) {
    return new Settlement.Ended(
        new GenerationResult(
            "job",
            Outcome.COMPLETED,
            List.of(new Sample(text, List.of(1), 7, 0)),
            Optional.of(new CheckpointName("c", "0".repeat(64))),
            1,
            1,
            0,
            0,
            "w",
            Map.of(),
            Optional.empty()),
        JobKind.FREE);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, DeadLetterHeader header) {
    return new String(record.headers().lastHeader(header.key()).value(), UTF_8);
  }
}
