package io.sedd.worker.faults;

import io.sedd.worker.WorkerCommand;
import picocli.CommandLine;

/** {@code sedd worker} as a process of its own, on this class path. */
public final class WorkerMain {

  private WorkerMain() {}

  /** The command as it is, its exit code included. */
  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    System.exit(new CommandLine(new WorkerCommand()).execute(arguments));
  }
}
