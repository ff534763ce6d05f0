package io.sedd.worker.kafka;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * How a consumer group shares a topic's partitions out, as its coordinator has decided it.
 *
 * @param decided whether the decision is about the members that there are now, at least one
 * @param settled whether moreover all members have taken what was decided
 * @param withoutMember numbers of the partitions that were given to no member
 */
record PartitionSharing(boolean decided, boolean settled, Set<Integer> withoutMember) {

  /** Whether it is final that some partition has no member. */
  boolean incomplete() {
    return settled && !withoutMember.isEmpty();
  }

  /** Whether every partition was given to a member, whether it has taken it yet or not. */
  boolean complete() {
    return decided && withoutMember.isEmpty();
  }

  /**
   * Asks the coordinator.
   *
   * @return undecided where there is no such group yet
   * @throws KafkaException if it does not answer, or there is no such topic
   */
  static PartitionSharing of(Admin admin, String group, String topic) throws InterruptedException {
    Set<Integer> without = new TreeSet<>();
    AdminAnswers.of(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
        .partitions()
        .forEach(partition -> without.add(partition.partition()));
    ConsumerGroupDescription described;
    try {
      described =
          AdminAnswers.of(
              admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    } catch (GroupIdNotFoundException _) {
      return new PartitionSharing(false, false, without);
    }
    for (MemberDescription member : described.members()) {
      member.targetAssignment().map(MemberAssignment::topicPartitions).orElse(Set.of()).stream()
          .filter(partition -> partition.topic().equals(topic))
          .map(TopicPartition::partition)
          .forEach(without::remove);
    }
    boolean decided =
        !described.members().isEmpty()
            && described.groupEpoch().isPresent()
            && described.groupEpoch().equals(described.targetAssignmentEpoch());
    return new PartitionSharing(
        decided, decided && described.groupState() == GroupState.STABLE, Set.copyOf(without));
  }
}
