package io.sedd.trainer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says how good a model is: its likelihood, its samples, its infilling. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Says how good a model is: its likelihood, its samples, its infilling.",
    subcommands = {
      PerplexityCommand.class,
      GenerationCommand.class,
      SweepCommand.class,
      InfillingCommand.class,
      ExperimentsCommand.class
    })
public final class EvaluateCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to evaluate: perplexity, generation, sweep or infilling");
  }
}
