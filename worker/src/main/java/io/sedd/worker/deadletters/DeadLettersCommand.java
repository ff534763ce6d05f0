package io.sedd.worker.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sedd dead-letters}: looks at records that no worker could work on, and sends them back.
 */
@Command(
    name = "dead-letters",
    description = "Lists the dead letters, or sends them back to the topic that they came from.",
    mixinStandardHelpOptions = true,
    subcommands = {ListCommand.class, ReplayCommand.class})
public final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list or replay is missing");
  }
}
