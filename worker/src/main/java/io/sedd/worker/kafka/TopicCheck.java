package io.sedd.worker.kafka;

import io.sedd.protocol.job.JobTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the topics before the worker starts, so that what is missing is said at once. */
public final class TopicCheck {

  private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Admin admin;
  private final JobTopics topics;

  /** A check by this client, which stays the caller's. */
  public TopicCheck(Admin admin, JobTopics topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * Looks.
   *
   * @throws IllegalStateException naming the topics that do not exist, or saying that no broker
   *     answers
   */
  public void requireTopics() throws InterruptedException {
    List<String> missing = new ArrayList<>();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(
                List.of(
                    topics.jobs(),
                    topics.results(),
                    topics.progress(),
                    topics.control(),
                    topics.deadLetters()))
            .topicNameValues();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
      try {
        topic.getValue().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case UnknownTopicOrPartitionException _ -> missing.add(topic.getKey());
          case org.apache.kafka.common.errors.TimeoutException timeout -> throw silent(timeout);
          default ->
              throw new IllegalStateException(
                  "topic " + topic.getKey() + " cannot be looked at: " + e.getCause().getMessage(),
                  e);
        }
      } catch (TimeoutException e) {
        throw silent(e);
      }
    }
    if (!missing.isEmpty()) {
      missing.sort(null);
      throw new IllegalStateException(
          "topics that do not exist: " + missing + "; create them or name others under topics");
    }
  }

  /**
   * The largest record that both the results and the dead-letter topic take.
   *
   * @param configured returned where the broker does not let its settings be read, or allows more
   */
  public int largestRecord(int configured) throws InterruptedException {
    List<ConfigResource> resources =
        List.of(
            new ConfigResource(ConfigResource.Type.TOPIC, topics.results()),
            new ConfigResource(ConfigResource.Type.TOPIC, topics.deadLetters()));
    try {
      Collection<Config> configs =
          admin.describeConfigs(resources).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS).values();
      return configs.stream()
          .mapToInt(c -> Integer.parseInt(c.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()))
          .reduce(configured, Math::min);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw new IllegalStateException(
            "the settings of the topics cannot be read: " + e.getCause().getMessage(), e);
      }
      log.warn(
          "the worker may not read the topics' settings; it is assumed that they take {} bytes",
          configured);
      return configured;
    } catch (TimeoutException e) {
      throw silent(e);
    }
  }

  private static IllegalStateException silent(Exception timeout) {
    return new IllegalStateException(
        "no broker answers; look at kafka.bootstrap.servers and the security settings", timeout);
  }
}
