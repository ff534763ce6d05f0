package io.sedd.trainer;

import io.sedd.trainer.experiments.ExperimentsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts the figures of {@code deploy/experiments/run.sh} on one page. */
@Command(
    name = "experiments",
    mixinStandardHelpOptions = true,
    description = "Puts the figures that deploy/experiments/run.sh has made on one page.")
final class ExperimentsCommand implements Callable<Integer> {

  @Option(names = "--from", required = true, description = "Folder of the figures as JSON.")
  private Path from;

  @Option(names = "--to", required = true, description = "Folder of the page.")
  private Path to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    spec.commandLine().getOut().println(new ExperimentsPage(from, to).write());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
