package io.sedd.worker.transactions;

import io.sedd.worker.kafka.BrokerOptions;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sedd hanging-transactions}: what a group waits for whose offsets are not told. */
@Command(
    name = "hanging-transactions",
    description =
        "Lists transactions that the broker has ended without telling the partitions, behind which"
            + " a group and the readers of its results wait, and ends them.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:none hangs any more", "1:some hang, or the broker refused", "2:wrong usage"},
    mixinStandardHelpOptions = true)
public final class HangingTransactionsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private BrokerOptions brokers;

  @Option(
      names = "--group",
      defaultValue = "sedd-workers",
      description = "The workers' group. Default: ${DEFAULT-VALUE}.")
  private String group;

  @Option(
      names = "--topic",
      defaultValue = "sedd.results,sedd.dead-letters",
      split = ",",
      description = "Topics that workers write in transactions. Default: ${DEFAULT-VALUE}.")
  private List<String> topics;

  @Option(
      names = "--minimum-age",
      defaultValue = "PT1M",
      description =
          "Only where nothing was written for so long; more than transaction.timeout.ms. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration minimumAge;

  @Option(
      names = "--abort",
      description =
          "Ends them: what they wrote is dropped, and their jobs run again. Needs ALTER on the"
              + " cluster.")
  private boolean abort;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (Admin admin = brokers.clients(group, "transactions").admin()) {
      HangingTransactions transactions = new HangingTransactions(admin, Clock.systemUTC());
      List<HangingTransaction> hanging =
          transactions.find(transactions.places(group, topics), minimumAge);
      for (HangingTransaction one : hanging) {
        if (abort) {
          transactions.abort(one);
        }
        out.printf(
            "%s offset %d, of producer %d, nothing written since %s%s%n",
            one.partition(),
            one.firstOffset(),
            one.producerId(),
            one.lastWritten(),
            abort ? ": aborted" : "");
      }
      out.println(hanging.size() + (hanging.size() == 1 ? " hangs" : " hang"));
      out.flush();
      return hanging.isEmpty() || abort ? 0 : 1;
    } catch (KafkaException e) {
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "sedd hanging-transactions: Kafka at "
              + brokers.bootstrapServers()
              + ": "
              + e.getMessage());
      err.flush();
      return 1;
    }
  }
}
