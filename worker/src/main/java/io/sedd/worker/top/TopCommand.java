package io.sedd.worker.top;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sedd top}: the state of workers, again and again, until it is ended. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what workers do: one in detail, several as a table. In a terminal the picture is",
      "drawn anew in its place; elsewhere it is a line a worker. Ends with Ctrl-C."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:with --once, every worker answered",
      "1:with --once, one did not",
      "2:wrong usage"
    })
public final class TopCommand implements Callable<Integer> {

  private static final String HOME = "\033[H";
  private static final String CLEAR_LINE = "\033[K";
  private static final String CLEAR_BELOW = "\033[J";
  private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
  private static final String BACK = "\033[?25h\033[?1049l";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "HTTP addresses of workers, or host:port. Default: ${DEFAULT-VALUE}.")
  private List<String> workers;

  @Option(names = "--once", description = "One picture only.")
  private boolean once;

  @Option(
      names = "--json",
      description = "The workers' answers as they are, one a line, instead of pictures.")
  private boolean json;

  @Option(
      names = "--interval",
      defaultValue = "PT1S",
      description = "Between two pictures. Default: ${DEFAULT-VALUE}.")
  private Duration interval;

  @Override
  public Integer call() throws InterruptedException {
    List<URI> addresses = workers.stream().map(this::address).toList();
    if (!interval.isPositive()) {
      throw new ParameterException(spec.commandLine(), "--interval must be a positive time");
    }
    boolean inPlace = !once && !json && System.console() != null && System.console().isTerminal();
    PrintWriter out = spec.commandLine().getOut();
    try (StateClient client = new StateClient()) {
      if (inPlace) {
        redraw(client, addresses, out);
      }
      while (true) {
        List<WorkerState> states = client.ask(addresses);
        print(out, states);
        if (once) {
          return states.stream().allMatch(WorkerState.Answered.class::isInstance) ? 0 : 1;
        }
        Thread.sleep(interval);
      }
    }
  }

  /** Until the process is ended; the terminal is given back as it was. */
  private void redraw(StateClient client, List<URI> addresses, PrintWriter out)
      throws InterruptedException {
    Screen screen = new Screen(spec.commandLine().getColorScheme().ansi());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> print(out, BACK), "end-of-top"));
    print(out, OTHER_SCREEN);
    while (true) {
      StringBuilder picture = new StringBuilder(HOME);
      screen
          .lines(client.ask(addresses))
          .forEach(line -> picture.append(line).append(CLEAR_LINE).append("\r\n"));
      print(out, picture.append(CLEAR_BELOW).toString());
      Thread.sleep(interval);
    }
  }

  private static void print(PrintWriter out, String text) {
    out.print(text);
    out.flush();
  }

  private void print(PrintWriter out, List<WorkerState> states) {
    Screen screen = new Screen(spec.commandLine().getColorScheme().ansi());
    if (json) {
      states.forEach(state -> out.println(json(state).encode()));
    } else if (once) {
      screen.lines(states).forEach(out::println);
    } else {
      states.forEach(state -> out.println(screen.line(state)));
    }
    out.flush();
  }

  private static JsonObject json(WorkerState state) {
    return switch (state) {
      case WorkerState.Answered answered ->
          answered.json().copy().put("address", answered.address().toString());
      case WorkerState.Silent silent ->
          new JsonObject().put("address", silent.address().toString()).put("error", silent.why());
    };
  }

  private URI address(String given) {
    try {
      URI uri = URI.create(given.contains("://") ? given : "http://" + given);
      if (uri.getHost() == null || !uri.getScheme().matches("https?")) {
        throw new IllegalArgumentException("it has no host");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          given + " is no address of a worker, such as http://host:8080: " + e.getMessage());
    }
  }
}
