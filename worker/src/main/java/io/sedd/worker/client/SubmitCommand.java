package io.sedd.worker.client;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobTopics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd submit}: sends one job, waits for its result, prints the texts. */
@Command(
    name = "submit",
    description = "Sends a job to Kafka, waits for its result and prints the texts.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the job was completed",
      "1:it failed, expired, was cancelled, or had no result in time",
      "2:the job or an option is not valid"
    })
public final class SubmitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private JobOptions job;

  @Option(
      names = "--bootstrap-servers",
      defaultValue = "localhost:9092",
      description = "Brokers, host:port. Default: ${DEFAULT-VALUE}.")
  private String bootstrapServers;

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
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for the result. Default: ${DEFAULT-VALUE}.")
  private long timeoutSeconds;

  @Option(names = "--json", description = "Print the result record as it is.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    GenerationJob wanted;
    try {
      wanted = job.toJob();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "the job is not valid: " + e.getMessage());
    }
    kafka.put("bootstrap.servers", bootstrapServers);
    JobTopics usual = JobTopics.defaults();
    JobTopics topics =
        new JobTopics(
            jobsTopic, resultsTopic, usual.progress(), usual.control(), usual.deadLetters());
    try (JobClient client = new JobClient(kafka, topics)) {
      client.send(wanted);
      return client
          .await(wanted.id(), Duration.ofSeconds(timeoutSeconds))
          .map(this::show)
          .orElseGet(() -> tooLate(wanted.id()));
    } catch (KafkaException | IllegalStateException e) {
      return failed("Kafka at " + bootstrapServers + ": " + e.getMessage());
    }
  }

  private int show(GenerationResult result) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new String(JobCodec.encode(result), StandardCharsets.UTF_8));
    } else {
      result.samples().forEach(sample -> out.println(sample.text()));
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "%s: %s, %d steps, %d evaluations, %d ms waiting, %d ms denoising, %s on %s"
            .formatted(
                result.jobId(),
                result.outcome().wireName(),
                result.steps(),
                result.networkEvaluations(),
                result.queueMillis(),
                result.denoiseMillis(),
                result.checkpoint().map(c -> c.name()).orElse("no checkpoint"),
                result.worker()));
    Optional.of(result)
        .flatMap(GenerationResult::error)
        .ifPresent(e -> err.println(e.path() + ": " + e.message()));
    err.flush();
    return result.outcome() == GenerationResult.Outcome.COMPLETED ? 0 : 1;
  }

  private int tooLate(String id) {
    return failed(
        "no result for "
            + id
            + " within "
            + timeoutSeconds
            + " s; the job stays where it is: is a worker running on these topics?");
  }

  private int failed(String why) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("sedd submit: " + why);
    err.flush();
    return 1;
  }
}
