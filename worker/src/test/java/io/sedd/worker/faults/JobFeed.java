package io.sedd.worker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCodec;
import io.sedd.worker.broker.KafkaSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends jobs and notes those that the broker has taken: only they count. It waits for a broker that
 * is away.
 */
final class JobFeed implements AutoCloseable {

  private record Pending(String id, Fate fate, Future<RecordMetadata> taken) {}

  private final String topic;
  private final Ledger ledger;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Pending> pending = new ArrayList<>();

  JobFeed(KafkaSite site, Ledger ledger) {
    this.topic = site.topics().jobs();
    this.ledger = ledger;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", site.bootstrapServers(), "acks", "all", "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void send(GenerationJob job, Fate fate) {
    send(job.id(), JobCodec.encode(job), fate);
  }

  void send(List<GenerationJob> jobs, Fate fate) {
    jobs.forEach(job -> send(job, fate));
    awaitTaken();
  }

  void send(String id, byte[] value, Fate fate) {
    pending.add(
        new Pending(
            id, fate, producer.send(new ProducerRecord<>(topic, id.getBytes(UTF_8), value))));
  }

  /** Waits until the broker has everything, and enters it in the ledger. */
  void awaitTaken() {
    producer.flush();
    for (Pending record : pending) {
      try {
        var _ = record.taken().get();
        ledger.sent(record.id(), record.fate());
      } catch (ExecutionException e) {
        throw new AssertionError("the broker has not taken " + record.id(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    pending.clear();
  }

  @Override
  public void close() {
    producer.close();
  }
}
