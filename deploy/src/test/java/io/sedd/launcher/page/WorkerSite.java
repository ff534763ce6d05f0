package io.sedd.launcher.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.launcher.SeddHome;
import io.sedd.launcher.demo.CheckpointSwap;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobCancellation;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import io.sedd.worker.Worker;
import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.configuration.WorkerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a worker on the demo's checkpoints, whose page shows texts and takes jobs. */
final class WorkerSite implements AutoCloseable {

  private final JobTopics topics = JobTopics.defaults();
  private final EmbeddedBroker broker;
  private final CheckpointSwap swap;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Worker worker;

  WorkerSite(Path folder) throws IOException, InterruptedException {
    Path watched = Files.createDirectories(folder.resolve("checkpoints"));
    swap = new CheckpointSwap(SeddHome.demoCheckpoints(), watched);
    swap.publish(swap.older());
    broker = EmbeddedBroker.started(folder.resolve("broker"));
    Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(servers)) {
      TopicCreation.create(
          admin,
          Map.of(
              topics.jobs(), 4,
              topics.results(), 1,
              topics.progress(), 1,
              topics.control(), 1,
              topics.deadLetters(), 1));
    }
    producer = new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
    worker =
        Worker.start(
            WorkerConfiguration.read(
                Optional.empty(),
                Map.of(),
                List.of(
                    "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                    "name=worker-1",
                    "checkpoints.folder=" + watched,
                    "checkpoints.interval=100ms",
                    "batch.maxRows=512",
                    "queue.maxTokenSteps=1_000_000_000",
                    "delivery.stopLimit=1s",
                    "http.port=0",
                    "page.texts=true",
                    "page.submit=true")));
    worker.firstCheckpoint().join();
  }

  Worker worker() {
    return worker;
  }

  CheckpointSwap swap() {
    return swap;
  }

  void send(List<GenerationJob> jobs) {
    jobs.forEach(job -> put(topics.jobs(), job.id(), JobCodec.encode(job)));
    producer.flush();
  }

  void sendRaw(String key, String record) {
    put(topics.jobs(), key, record.getBytes(UTF_8));
    producer.flush();
  }

  void cancel(List<GenerationJob> jobs) {
    jobs.forEach(
        job -> put(topics.control(), job.id(), JobCodec.encode(new JobCancellation(job.id()))));
    producer.flush();
  }

  private void put(String topic, String key, byte[] value) {
    var _ = producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value));
  }

  @Override
  public void close() {
    worker.close();
    producer.close();
    broker.close();
  }
}
