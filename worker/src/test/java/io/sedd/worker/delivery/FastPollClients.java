package io.sedd.worker.delivery;

import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.kafka.ConfiguredKafkaClients;
import java.time.Duration;
import java.util.Map;

/** Clients that are put out of their group when they do not poll for 3 s. */
record FastPollClients(KafkaSite site) {

  static final Duration POLL_INTERVAL = Duration.ofSeconds(3);

  ConfiguredKafkaClients of(String worker) {
    return new ConfiguredKafkaClients(
        Map.of(
            "bootstrap.servers",
            site.bootstrapServers(),
            "max.poll.interval.ms",
            String.valueOf(POLL_INTERVAL.toMillis())),
        site.group(),
        worker);
  }
}
