package io.sedd.worker.client;

import io.sedd.protocol.client.ClientOptions;
import io.sedd.protocol.client.SeddClient;
import io.sedd.protocol.client.SeddClientException;
import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobCodec;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd submit}: sends one job, waits for its result, prints the texts. */
@Command(
    name = "submit",
    description = {
      "Sends a job to Kafka (at localhost:9092, unless told otherwise), waits for its result and",
      "prints the texts."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the job was completed",
      "1:it failed, expired, was cancelled, or had no result in time",
      "2:the job or an option is not valid"
    })
public final class SubmitCommand implements Callable<Integer> {

  private static final String USUAL_BROKER = "localhost:9092";

  @Spec private CommandSpec spec;

  @Mixin private JobOptions job;

  @Mixin private KafkaOptions kafka;

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
    ClientOptions options =
        kafka
            .client(kafka.bootstrapServers().orElse(USUAL_BROKER))
            .withTimeout(Duration.ofSeconds(timeoutSeconds));
    try (SeddClient client = SeddClient.open(options)) {
      return show(client.sendAndAwait(wanted));
    } catch (SeddClientException e) {
      return failed(e.getMessage());
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

  private int failed(String why) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("sedd submit: " + why);
    err.flush();
    return 1;
  }
}
