package io.sedd.worker.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.worker.broker.EmbeddedBroker;
import io.sedd.worker.broker.TopicCreation;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A transaction hangs here because its coordinator has lost its memory. */
class HangingTransactionsTest {

  private static final TopicPartition JOBS = new TopicPartition("jobs", 0);

  @TempDir Path folder;
  private final StringWriter printed = new StringWriter();

  private int command(EmbeddedBroker broker, String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "--bootstrap-servers=" + broker.bootstrapServers(),
                    "--group=group",
                    "--topic=results",
                    "--minimum-age=PT0S"),
                Stream.of(more))
            .toArray(String[]::new);
    return new CommandLine(new HangingTransactionsCommand())
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .execute(arguments);
  }

  private static void begin(Producer<byte[], byte[]> producer) throws Exception {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("results", new byte[1])).get();
    producer.sendOffsetsToTransaction(
        Map.of(JOBS, new OffsetAndMetadata(7)), new ConsumerGroupMetadata("group"));
  }

  private void forgetTransactions() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("__transaction_state-0"))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> assertTrue(file.toFile().delete()));
    }
  }

  @Test
  void theGroupsOffsetsAreToldAgainWhenWhatHidTheOffsetsIsAborted() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      ConfiguredKafkaClients clients =
          new ConfiguredKafkaClients(
              Map.of("bootstrap.servers", broker.bootstrapServers()), "group", "w");
      try (Admin admin = clients.admin()) {
        TopicCreation.create(admin, Map.of("results", 1, "jobs", 1));
      }
      try (Producer<byte[], byte[]> producer = clients.transactionalProducer(0)) {
        producer.initTransactions();
        begin(producer);
        producer.commitTransaction();
        begin(producer);
        assertEquals(0, command(broker), "one that its coordinator knows does not hang");
        broker.stop();
        producer.close(Duration.ZERO);
      }
      forgetTransactions();
      broker.start();
      try (Consumer<byte[], byte[]> member = clients.groupConsumer()) {
        Set<TopicPartition> jobs = Set.of(JOBS);
        assertThrows(TimeoutException.class, () -> member.committed(jobs, Duration.ofSeconds(2)));
        assertEquals(1, command(broker), printed.toString());
        assertTrue(printed.toString().contains("results-0 offset 2, of producer"));
        assertTrue(printed.toString().contains("__consumer_offsets-0 offset"));
        assertEquals(0, command(broker, "--abort"), printed.toString());
        assertEquals(7, member.committed(jobs, Duration.ofSeconds(20)).get(JOBS).offset());
        assertEquals(0, command(broker), printed.toString());
        assertTrue(printed.toString().endsWith("0 hang\n"), printed.toString());
      }
    }
  }

  @Test
  void aTopicThatIsNotThereIsSaid() {
    try (EmbeddedBroker broker = EmbeddedBroker.started(folder)) {
      assertEquals(1, command(broker));
      assertTrue(
          printed.toString().contains("sedd hanging-transactions: Kafka at"), printed::toString);
    }
  }
}
