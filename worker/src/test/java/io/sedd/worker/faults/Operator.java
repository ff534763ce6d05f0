package io.sedd.worker.faults;

import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import io.sedd.worker.transactions.HangingTransaction;
import io.sedd.worker.transactions.HangingTransactions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Does what the operating guide says for transactions that hang, and counts them. */
final class Operator implements AutoCloseable {

  private static final Duration ROUND = Duration.ofSeconds(10);

  /** Above the workers' limit for a transaction, with the pauses between two looks for it. */
  private static final Duration MINIMUM_AGE = Duration.ofSeconds(10);

  private final KafkaSite kafka;
  private final Admin admin;
  private long nextRound = System.nanoTime() + ROUND.toNanos();
  private int aborted;

  Operator(KafkaSite kafka) {
    this.kafka = kafka;
    Map<String, String> properties =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "request.timeout.ms",
            "4000",
            "default.api.timeout.ms",
            "5000");
    this.admin = new ConfiguredKafkaClients(properties, kafka.group(), "operator").admin();
  }

  /** Goes the round if it is time to. */
  void look() throws InterruptedException {
    if (System.nanoTime() - nextRound < 0) {
      return;
    }
    try {
      HangingTransactions transactions = new HangingTransactions(admin, Clock.systemUTC());
      List<String> topics = List.of(kafka.topics().results(), kafka.topics().deadLetters());
      for (HangingTransaction hanging :
          transactions.find(transactions.places(kafka.group(), topics), MINIMUM_AGE)) {
        System.out.println("operator: aborts " + hanging);
        transactions.abort(hanging);
        aborted++;
      }
    } catch (KafkaException e) {
      System.out.println("operator: tries again later: " + e.getMessage());
    }
    nextRound = System.nanoTime() + ROUND.toNanos();
  }

  int aborted() {
    return aborted;
  }

  @Override
  public void close() {
    admin.close();
  }
}
