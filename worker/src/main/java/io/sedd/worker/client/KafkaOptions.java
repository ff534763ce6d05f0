package io.sedd.worker.client;

import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.job.JobTopics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the broker and the topics are, for commands that send jobs. */
public final class KafkaOptions {

  @Option(
      names = {"--bootstrap-servers", "--bootstrap"},
      paramLabel = "HOST:PORT",
      description = "Brokers, separated by commas.")
  private Optional<String> bootstrapServers = Optional.empty();

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "A property of Kafka's clients, such as security.protocol=SSL; repeatable.")
  private Map<String, String> kafka = new LinkedHashMap<>();

  @Option(
      names = "--jobs-topic",
      defaultValue = "sedd.jobs",
      description = "Default: ${DEFAULT-VALUE}.")
  private String jobsTopic;

  @Option(
      names = "--results-topic",
      defaultValue = "sedd.results",
      description = "Default: ${DEFAULT-VALUE}.")
  private String resultsTopic;

  @Option(
      names = "--dead-letters-topic",
      defaultValue = "sedd.dead-letters",
      description = "Default: ${DEFAULT-VALUE}.")
  private String deadLettersTopic;

  /** The brokers that were named, if any were. */
  public Optional<String> bootstrapServers() {
    return bootstrapServers;
  }

  /** A client of these brokers. */
  public ClientOptions client(String brokers) {
    Map<String, String> properties = new LinkedHashMap<>(kafka);
    properties.put("bootstrap.servers", brokers);
    JobTopics usual = JobTopics.defaults();
    return ClientOptions.of(properties)
        .withTopics(
            new JobTopics(
                jobsTopic, resultsTopic, usual.progress(), usual.control(), deadLettersTopic));
  }
}
