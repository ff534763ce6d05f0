package io.sedd.launcher;

import io.sedd.launcher.batch.RunBatchCommand;
import io.sedd.launcher.bench.BenchCommand;
import io.sedd.launcher.demo.DemoCommand;
import io.sedd.launcher.reference.ReferenceCommand;
import io.sedd.launcher.scaling.ScalingCommand;
import io.sedd.protocol.configuration.ConfigurationException;
import io.sedd.trainer.CheckpointCommand;
import io.sedd.trainer.CorpusCommand;
import io.sedd.trainer.EvaluateCommand;
import io.sedd.trainer.TrainCommand;
import io.sedd.worker.WorkerCommand;
import io.sedd.worker.client.SubmitCommand;
import io.sedd.worker.deadletters.DeadLettersCommand;
import io.sedd.worker.metrics.MetricsDocsCommand;
import io.sedd.worker.top.TopCommand;
import io.sedd.worker.transactions.HangingTransactionsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. Exit codes: 0 success, 1 failure, 2 wrong usage. */
@Command(
    name = "sedd",
    mixinStandardHelpOptions = true,
    version = "sedd 0.1.0",
    description = "Bulk text generation and infilling by score entropy discrete diffusion.",
    subcommands = {
      DemoCommand.class,
      WorkerCommand.class,
      SubmitCommand.class,
      TopCommand.class,
      DeadLettersCommand.class,
      HangingTransactionsCommand.class,
      RunBatchCommand.class,
      SampleCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      CheckpointCommand.class,
      CorpusCommand.class,
      BenchCommand.class,
      MetricsDocsCommand.class,
      ScalingCommand.class,
      ReferenceCommand.class
    })
public final class Sedd implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Sedd());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (failure, command, _) -> {
          command
              .getErr()
              .println(command.getColorScheme().errorText("sedd: " + sentence(failure)));
          if (System.getenv("SEDD_STACK_TRACES") != null) {
            failure.printStackTrace(command.getErr());
          }
          return failure instanceof ConfigurationException
              ? CommandLine.ExitCode.USAGE
              : CommandLine.ExitCode.SOFTWARE;
        });
    return commandLine;
  }

  /** A person wants the message; where a failure has none, its kind is better than nothing. */
  private static String sentence(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
