package io.sedd.worker.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.text.ByteTokenizer;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobLimits;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.intake.JobReader;
import io.sedd.worker.publishing.Results;
import io.sedd.worker.publishing.Settlement;
import io.sedd.worker.publishing.SettlementRecords;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Records of the jobs topic, through the intake's reader: a job that is given back equal when it is
 * written again, or a refusal whose records can be published and read.
 */
final class JobRecords implements HostileInput {

  private static final String EVERYTHING =
      """
      {"id": "story-17", "template": [{"tokens": [5, 6]}, {"blank": 48}, {"text": " é end."}],
       "samples": 2, "steps": 32, "predictor": "euler", "temperature": 0.5, "topP": 0.9,
       "seed": 7, "priority": 1, "deadline": "2026-11-24T13:00:00+01:00", "progressEvery": 8,
       "metadata": {"tenant": "a"}}\
      """;

  private static final String SMALLEST = "{\"id\":\"a\",\"template\":[{\"blank\":3}]}";

  private static final int RECORD_BYTES = 1 << 13;
  private static final int MOST_PUBLISHED = 1 << 14;

  private final Results results = new Results("hostile");
  private final TemplateEncoder encoder = new TemplateEncoder(new ByteTokenizer(), 64, 257);
  private final JobReader reader =
      new JobReader(new JobLimits(RECORD_BYTES), () -> encoder, results);
  private final JobTopics topics = new JobTopics("jobs", "results", "progress", "control", "dead");
  private final SettlementRecords records =
      new SettlementRecords(topics, results, MOST_PUBLISHED, Clock.systemUTC());

  @Override
  public String name() {
    return "jobs";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(EVERYTHING.getBytes(UTF_8), SMALLEST.getBytes(UTF_8));
  }

  /** A tree of JSON nodes takes some 100 bytes a value, and a value two bytes: {@code 1,}. */
  @Override
  public long allocationBound(int inputBytes) {
    return (1 << 18) + 256L * inputBytes;
  }

  @Override
  public Verdict read(byte[] bytes) {
    return switch (reader.read(bytes)) {
      case JobReader.Reading.Valid(GenerationJob job, int length) -> {
        if (length < 1 || length > 64) {
          throw new AssertionError("a template of " + length + " positions was let through");
        }
        require(job, JobCodec.decodeJob(JobCodec.encode(job), JobLimits.defaults()));
        yield Verdict.ACCEPTED;
      }
      case JobReader.Reading.Invalid(Settlement.Refused refusal) -> {
        publish(bytes, refusal);
        yield Verdict.REFUSED;
      }
    };
  }

  /** Key and headers are the sender's as well: here they are the record over again. */
  private void publish(byte[] bytes, Settlement.Refused refusal) {
    var original = new ConsumerRecord<>(topics.jobs(), 0, 7, bytes, bytes);
    original.headers().add("foreign", bytes);
    for (ProducerRecord<byte[], byte[]> record : records.of(original, 1, refusal)) {
      if (record.topic().equals(topics.results())) {
        require(refusal.result().orElseThrow(), JobCodec.decodeResult(record.value()));
      }
      long size = sizeOf(record);
      if (size > MOST_PUBLISHED) {
        throw new AssertionError(
            "a record of %,d bytes for %s, which takes %,d"
                .formatted(size, record.topic(), MOST_PUBLISHED));
      }
    }
  }

  private static long sizeOf(ProducerRecord<byte[], byte[]> record) {
    long size = sizeOf(record.key()) + sizeOf(record.value());
    for (Header header : record.headers()) {
      size += header.key().length() + sizeOf(header.value());
    }
    return size;
  }

  private static long sizeOf(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static <M> void require(M written, Decoded<M> read) {
    M again = read.orElseThrow();
    if (!again.equals(written)) {
      throw new AssertionError("written was " + written + ", read " + again);
    }
  }
}
