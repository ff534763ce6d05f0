package io.sedd.launcher.reference;

import io.sedd.launcher.SeddHome;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sedd reference}: for whoever has changed a schema or a key. */
@Command(
    name = "reference",
    description = "Prints docs/jobs.md or docs/configuration.md as the code has it.",
    mixinStandardHelpOptions = true,
    hidden = true)
public final class ReferenceCommand implements Callable<Integer> {

  /** The pages. */
  enum Page {
    JOBS,
    CONFIGURATION
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PAGE", description = "jobs or configuration.")
  private Page page;

  @Override
  public Integer call() throws IOException {
    String text =
        switch (page) {
          case JOBS -> new JobsPage().markdown();
          case CONFIGURATION ->
              ConfigurationPage.markdown(SeddHome.folder().resolve("deploy/worker.yaml"));
        };
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
