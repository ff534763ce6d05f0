package io.sedd.worker.metrics;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sedd metrics-docs}: for whoever has changed a metric. */
@Command(
    name = "metrics-docs",
    description = "Prints docs/metrics.md as the code has it.",
    mixinStandardHelpOptions = true,
    hidden = true)
public final class MetricsDocsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(MetricsPage.markdown());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
