package io.sedd.worker.kafka;

import io.sedd.protocol.job.JobTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a share group before a worker joins it. With Kafka's defaults a share group passes over
 * whatever was sent before it existed, and drops a record in silence after five deliveries; a
 * worker does not run under such terms.
 */
public final class ShareGroupCheck {

  private static final Logger log = LoggerFactory.getLogger(ShareGroupCheck.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final String FEATURE = "share.version";
  private static final String OFFSET_RESET = "share.auto.offset.reset";
  private static final String DELIVERY_LIMIT = "share.delivery.count.limit";
  private static final String RENEWAL = "share.renew.acknowledge.enable";
  private static final String ISOLATION = "share.isolation.level";
  private static final String DEAD_TOPIC = "errors.deadletterqueue.topic.name";
  private static final String DEAD_COPIES = "errors.deadletterqueue.copy.record.enable";
  private static final String DEAD_ALLOWED = "errors.deadletterqueue.group.enable";

  /** The broker takes no other name for the topic by default. */
  private static final String DEAD_PREFIX = "dlq.";

  private final Admin admin;
  private final String jobs;
  private final String group;
  private final String bootstrapServers;
  private final Map<String, String> wanted = new LinkedHashMap<>();

  /**
   * A check by this client, which stays the caller's.
   *
   * @param bootstrapServers for the command that is told to the operator
   */
  public ShareGroupCheck(Admin admin, JobTopics topics, String group, String bootstrapServers) {
    this.admin = admin;
    this.jobs = topics.jobs();
    this.group = group;
    this.bootstrapServers = bootstrapServers;
    wanted.put(OFFSET_RESET, "earliest");
    wanted.put(DELIVERY_LIMIT, "10");
    wanted.put(RENEWAL, "true");
    wanted.put(ISOLATION, "read_committed");
    wanted.put(DEAD_TOPIC, DEAD_PREFIX + topics.jobs());
    wanted.put(DEAD_COPIES, "true");
  }

  /**
   * Looks.
   *
   * @throws IllegalStateException with one sentence where the broker would drop jobs in silence
   */
  public ShareGroupTerms require() throws InterruptedException {
    requireFeature();
    Map<String, String> had = groupSettings();
    List<String> wrong = new ArrayList<>();
    require(
        wrong, had, OFFSET_RESET, "jobs that were sent before the group existed are passed over");
    require(wrong, had, RENEWAL, "a job may not run longer than its lock");
    require(wrong, had, ISOLATION, "jobs of aborted transactions are run");
    int limit = Integer.parseInt(had.getOrDefault(DELIVERY_LIMIT, "0"));
    if (limit < ShareGroupTerms.LEAST_DELIVERIES) {
      wrong.add(
          "%s is %d and must be at least %d, or a job that kills its worker cannot be isolated"
              .formatted(DELIVERY_LIMIT, limit, ShareGroupTerms.LEAST_DELIVERIES));
    }
    if (!mayWriteJobs()) {
      wrong.add(
          "the worker may not write to the topic %s, so a job whose workers died cannot be sent again"
              .formatted(jobs));
    }
    deadTopicFault(had).ifPresent(wrong::add);
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(
          "the share group "
              + group
              + " would lose jobs: "
              + String.join("; ", wrong)
              + ". Set delivery.shareGroup.configure: true, or run: "
              + command());
    }
    return new ShareGroupTerms(limit);
  }

  /**
   * Sets the group and its broker-side dead-letter topic up as {@link #require} wants them, and
   * waits until the broker has heard of it: the answer to a change comes before that.
   */
  public void configure() throws InterruptedException {
    requireFeature();
    String topic = wanted.get(DEAD_TOPIC);
    try {
      NewTopic dead = new NewTopic(topic, Optional.empty(), Optional.empty());
      answer(admin.createTopics(List.of(dead.configs(Map.of(DEAD_ALLOWED, "true")))).all());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unanswered("the topic " + topic + " cannot be created", e);
      }
      alter(new ConfigResource(ConfigResource.Type.TOPIC, topic), Map.of(DEAD_ALLOWED, "true"));
    }
    alter(new ConfigResource(ConfigResource.Type.GROUP, group), wanted);
    awaitSettings();
    log.info("set the share group {} up: {}", group, wanted);
  }

  private void awaitSettings() throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    Map<String, String> had = groupSettings();
    while (!had.entrySet().containsAll(wanted.entrySet()) || deadTopicFault(had).isPresent()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "the settings of the group " + group + " were changed and the broker does not show it");
      }
      Thread.sleep(PAUSE);
      had = groupSettings();
    }
  }

  private void alter(ConfigResource resource, Map<String, String> settings)
      throws InterruptedException {
    Collection<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(
                s ->
                    new AlterConfigOp(
                        new ConfigEntry(s.getKey(), s.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    try {
      answer(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
    } catch (ExecutionException e) {
      throw unanswered(resource.name() + " cannot be set up", e);
    }
  }

  private void requireFeature() throws InterruptedException {
    Map<String, FinalizedVersionRange> features;
    try {
      features = answer(admin.describeFeatures().featureMetadata()).finalizedFeatures();
    } catch (ExecutionException e) {
      throw unanswered("the broker's features cannot be read", e);
    }
    FinalizedVersionRange share = features.get(FEATURE);
    if (share == null || share.maxVersionLevel() < 1) {
      throw new IllegalStateException(
          "the broker has no share groups (feature "
              + FEATURE
              + " is off); they need Kafka 4.2 or newer: set delivery.mode to exactly-once");
    }
  }

  /** A broker without access control allows everything. */
  private boolean mayWriteJobs() throws InterruptedException {
    DescribeTopicsOptions asked = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    try {
      Set<AclOperation> allowed =
          answer(admin.describeTopics(List.of(jobs), asked).allTopicNames())
              .get(jobs)
              .authorizedOperations();
      return allowed == null || allowed.contains(AclOperation.WRITE);
    } catch (ExecutionException e) {
      throw unanswered("what the worker may do with the topic " + jobs + " cannot be read", e);
    }
  }

  private Map<String, String> groupSettings() throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try {
      return settings(answer(admin.describeConfigs(List.of(resource)).all()).get(resource));
    } catch (ExecutionException e) {
      throw unanswered("the settings of the group " + group + " cannot be read", e);
    }
  }

  private void require(
      List<String> wrong, Map<String, String> had, String setting, String otherwise) {
    String want = wanted.get(setting);
    if (!want.equals(had.get(setting))) {
      wrong.add("%s is %s, so %s".formatted(setting, had.get(setting), otherwise));
    }
  }

  /** What would make the broker drop a record after its last delivery. */
  private Optional<String> deadTopicFault(Map<String, String> had) throws InterruptedException {
    if (!had.containsKey(DEAD_TOPIC)) {
      return Optional.of(
          "the broker knows no " + DEAD_TOPIC + " (Kafka 4.4 does) and drops what it gives up");
    }
    String topic = had.get(DEAD_TOPIC);
    if (topic.isBlank()) {
      return Optional.of(DEAD_TOPIC + " is empty, so a job is gone after its last delivery");
    }
    if (!Boolean.parseBoolean(had.get(DEAD_COPIES))) {
      return Optional.of(DEAD_COPIES + " is false, so a dead letter has no job in it");
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config config = answer(admin.describeConfigs(List.of(resource)).all()).get(resource);
      return Boolean.parseBoolean(settings(config).get(DEAD_ALLOWED))
          ? Optional.empty()
          : Optional.of(
              "the topic " + topic + " refuses dead letters: " + DEAD_ALLOWED + " is off");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.of("the topic " + topic + " for its dead letters does not exist");
      }
      throw unanswered("the settings of the topic " + topic + " cannot be read", e);
    }
  }

  private static Map<String, String> settings(Config config) {
    Map<String, String> settings = new LinkedHashMap<>();
    config.entries().forEach(e -> settings.put(e.name(), String.valueOf(e.value())));
    return settings;
  }

  /** What an operator runs in the place of {@link #configure}. */
  private String command() {
    List<String> pairs = new ArrayList<>();
    wanted.forEach((key, value) -> pairs.add(key + "=" + value));
    return "kafka-topics.sh --bootstrap-server %1$s --create --if-not-exists --topic %2$s --config %3$s=true && kafka-configs.sh --bootstrap-server %1$s --alter --group %4$s --add-config %5$s"
        .formatted(
            bootstrapServers, wanted.get(DEAD_TOPIC), DEAD_ALLOWED, group, String.join(",", pairs));
  }

  private static <T> T answer(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException {
    try {
      return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "no broker answers; look at kafka.bootstrap.servers and the security settings", e);
    }
  }

  private static IllegalStateException unanswered(String what, ExecutionException e) {
    return new IllegalStateException(what + ": " + e.getCause().getMessage(), e);
  }
}
