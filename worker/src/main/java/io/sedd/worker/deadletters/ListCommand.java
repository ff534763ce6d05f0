package io.sedd.worker.deadletters;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sedd dead-letters list}. */
@Command(
    name = "list",
    description = "Prints the dead letters, oldest first in each partition.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LetterOptions options;

  @Option(names = "--json", description = "One JSON object a line in the place of the table.")
  private boolean json;

  @Option(names = "--values", description = "With --json: the original record's value too.")
  private boolean values;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      DeadLetterTopic topic = new DeadLetterTopic(options.clients(), options.topic);
      Set<LetterPosition> replayed = topic.replayed();
      LetterPrinter printer = new LetterPrinter(out, json, values);
      printer.head();
      topic.letters(
          options.filter(), letter -> printer.print(letter, replayed.contains(letter.position())));
      out.flush();
      return 0;
    } catch (KafkaException | IllegalStateException e) {
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "sedd dead-letters: Kafka at "
              + options.brokers.bootstrapServers()
              + ": "
              + e.getMessage());
      err.flush();
      return 1;
    }
  }
}
