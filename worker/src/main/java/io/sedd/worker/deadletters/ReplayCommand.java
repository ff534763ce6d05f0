package io.sedd.worker.deadletters;

import io.sedd.protocol.job.DeadLetterHeader;
import io.sedd.worker.kafka.KafkaClients;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd dead-letters replay}. */
@Command(
    name = "replay",
    description = {
      "Sends dead letters back to the topic that they came from: same key, bytes and headers, and a"
          + " header sedd.replay that counts.",
      "Each is replayed once, however often this command is run; --again lifts that."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that were meant are replayed, now or before",
      "1:some could not be",
      "2:nothing was selected, or an option is not valid"
    })
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LetterOptions options;

  @Option(names = "--all", description = "All dead letters, where no other option selects.")
  private boolean all;

  @Option(names = "--again", description = "Also those that were replayed before.")
  private boolean again;

  @Option(names = "--dry-run", description = "Only print what would be replayed.")
  private boolean dryRun;

  private int replayed;
  private int refused;

  @Override
  public Integer call() throws InterruptedException {
    LetterFilter filter = options.filter();
    if (!filter.restricts() && !all) {
      throw new ParameterException(
          spec.commandLine(),
          "say which: --code, --id, --since, --select, or --all for every dead letter");
    }
    KafkaClients clients = options.clients();
    DeadLetterTopic topic = new DeadLetterTopic(clients, options.topic);
    try {
      if (dryRun) {
        rehearse(topic, filter);
      } else {
        try (Replay replay = new Replay(clients, topic, letter -> tell("replayed", letter))) {
          replay.run(filter, again, this::refuse);
        }
      }
    } catch (ProducerFencedException e) {
      return failed("another replay of " + options.topic + " has begun and put this one out");
    } catch (KafkaException | IllegalStateException e) {
      return failed("Kafka at " + options.brokers.bootstrapServers() + ": " + e.getMessage());
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println((dryRun ? "would replay " : "replayed ") + replayed + ", left " + refused);
    err.flush();
    return refused == 0 ? 0 : 1;
  }

  private void rehearse(DeadLetterTopic topic, LetterFilter filter) throws InterruptedException {
    Set<LetterPosition> done = again ? Set.of() : topic.replayed();
    topic.letters(
        filter,
        letter -> {
          if (!done.contains(letter.position())) {
            Replay.obstacle(letter)
                .ifPresentOrElse(_ -> refuse(letter), () -> tell("would replay", letter));
          }
        });
  }

  private void tell(String what, DeadLetter letter) {
    replayed++;
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s %s %s to %s"
            .formatted(
                what,
                letter.position(),
                letter.id().replaceAll("\\p{Cntrl}", "?"),
                letter.header(DeadLetterHeader.ORIGINAL_TOPIC)));
    out.flush();
  }

  private void refuse(DeadLetter letter) {
    refused++;
    PrintWriter err = spec.commandLine().getErr();
    err.println("cannot replay " + letter.position() + ": " + Replay.obstacle(letter).orElse(""));
    err.flush();
  }

  private int failed(String why) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("sedd dead-letters: " + why + " (" + replayed + " were replayed before)");
    err.flush();
    return 1;
  }
}
