package io.sedd.worker.transactions;

import io.sedd.worker.kafka.AdminAnswers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks for transactions that are open in a partition and ended for their coordinator.
 *
 * <p>A broker leaves one when it ends a transaction in a moment in which the partition has no
 * leader: Kafka 4.4 takes that for a deleted topic and never writes the marker. Behind it, readers
 * of committed records wait for ever, and so does every member of the group that asks for its
 * offsets.
 */
public final class HangingTransactions {

  private static final Set<TransactionState> OPEN =
      Set.of(
          TransactionState.ONGOING,
          TransactionState.PREPARE_ABORT,
          TransactionState.PREPARE_COMMIT,
          TransactionState.PREPARE_EPOCH_FENCE,
          TransactionState.UNKNOWN);

  private final Admin admin;
  private final InstantSource clock;

  /** A search by this client, which stays the caller's. */
  public HangingTransactions(Admin admin, InstantSource clock) {
    this.admin = admin;
    this.clock = clock;
  }

  /**
   * Where a worker's transactions write: its topics, and the offsets of its group.
   *
   * @throws KafkaException if a topic does not exist, or the broker does not answer or allow it
   */
  public Set<TopicPartition> places(String group, Collection<String> topics)
      throws InterruptedException {
    List<String> all = new ArrayList<>(topics);
    all.add(Topic.GROUP_METADATA_TOPIC_NAME);
    Set<TopicPartition> places = new HashSet<>();
    AdminAnswers.of(admin.describeTopics(all).allTopicNames())
        .forEach(
            (name, topic) -> {
              int partitions = topic.partitions().size();
              if (name.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
                places.add(new TopicPartition(name, Utils.abs(group.hashCode()) % partitions));
              } else {
                for (int partition = 0; partition < partitions; partition++) {
                  places.add(new TopicPartition(name, partition));
                }
              }
            });
    return places;
  }

  /**
   * Those in which nothing was written for a time. Looks at the partitions before and after it asks
   * the coordinators, so that one that ends meanwhile is not among them.
   *
   * @param minimumAge longer than a transaction may take
   * @throws KafkaException if the broker does not answer or allow it
   */
  public List<HangingTransaction> find(Set<TopicPartition> places, Duration minimumAge)
      throws InterruptedException {
    Instant before = clock.instant().minus(minimumAge);
    List<HangingTransaction> open =
        open(places).stream().filter(one -> one.lastWritten().isBefore(before)).toList();
    if (open.isEmpty()) {
      return List.of();
    }
    Set<Long> known =
        AdminAnswers.of(admin.listTransactions().all()).stream()
            .filter(listing -> OPEN.contains(listing.state()))
            .map(TransactionListing::producerId)
            .collect(Collectors.toSet());
    List<HangingTransaction> still = open(places);
    return open.stream()
        .filter(one -> !known.contains(one.producerId()))
        .filter(
            one ->
                still.stream()
                    .anyMatch(s -> s.isAt(one.partition(), one.producerId(), one.firstOffset())))
        .toList();
  }

  private List<HangingTransaction> open(Set<TopicPartition> places) throws InterruptedException {
    List<HangingTransaction> open = new ArrayList<>();
    AdminAnswers.of(admin.describeProducers(places).all())
        .forEach(
            (partition, state) ->
                state
                    .activeProducers()
                    .forEach(
                        producer ->
                            producer
                                .currentTransactionStartOffset()
                                .ifPresent(
                                    offset ->
                                        open.add(
                                            new HangingTransaction(
                                                partition,
                                                producer.producerId(),
                                                producer.producerEpoch(),
                                                producer.coordinatorEpoch().orElse(0),
                                                offset,
                                                Instant.ofEpochMilli(producer.lastTimestamp()))))));
    return open;
  }

  /**
   * Ends one: what it wrote into the partition is as if it had not been written.
   *
   * @throws KafkaException if the broker does not answer or allow it
   */
  public void abort(HangingTransaction hanging) throws InterruptedException {
    AdminAnswers.of(
        admin
            .abortTransaction(
                new AbortTransactionSpec(
                    hanging.partition(),
                    hanging.producerId(),
                    (short) hanging.producerEpoch(),
                    hanging.coordinatorEpoch()))
            .all());
  }
}
