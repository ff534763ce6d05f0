package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.BackendUnavailableException;
import io.sedd.diffusion.backend.Backends;
import io.sedd.launcher.CheckpointOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sedd bench}: what this machine does with a checkpoint or a shape. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures matrix products, evaluations, steps, generation and training of a checkpoint or a"
            + " shape on this machine.",
    footer = "What is measured and how: docs/bench.md")
public final class BenchCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions checkpoint;
  @Mixin private BenchOptions options;

  @Option(
      names = "--shape",
      description =
          "Measure a shape with initial weights instead of a checkpoint: sedd-small, sedd-medium,"
              + " 384x6 or demo.")
  private Optional<String> shape = Optional.empty();

  @Option(names = "--tokens", description = "With --shape: another number of tokens.")
  private Optional<Integer> tokens = Optional.empty();

  @Option(names = "--length", description = "With --shape: another length of sequences.")
  private Optional<Integer> length = Optional.empty();

  @Option(
      names = "--backend",
      description = "reference, nd4j or cuda; default: the best that can start here.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON too; - for standard output, without the table.")
  private Optional<String> json = Optional.empty();

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the figures as a PNG chart.")
  private Optional<Path> plot = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Subject subject = subject();
    BenchPlan plan = plan(subject);
    BenchReport report = measure(subject, plan);
    if (!json.equals(Optional.of(STANDARD_OUTPUT))) {
      new ReportTable(spec.commandLine().getOut()).print(report);
    }
    if (json.isPresent()) {
      write(ReportJson.of(report), json.get());
    }
    if (plot.isPresent()) {
      try (OutputStream file = Files.newOutputStream(plot.get())) {
        ReportChart.of(report).write(file);
      }
    }
    return 0;
  }

  private Subject subject() throws IOException {
    if (shape.isEmpty()) {
      if (tokens.isPresent() || length.isPresent()) {
        throw usage("--tokens and --length change a --shape; a checkpoint has its own");
      }
      return Subject.of(checkpoint.open());
    }
    if (spec.commandLine().getParseResult().hasMatchedOption("--checkpoint")) {
      throw usage("--shape and --checkpoint exclude each other");
    }
    try {
      NamedShape named = NamedShape.of(shape.get());
      return Subject.random(named.label(), named.shape(whole(tokens), whole(length)));
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private BenchPlan plan(Subject subject) {
    try {
      return options.plan(subject.shape());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private BenchReport measure(Subject subject, BenchPlan plan) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    BenchRun run = new BenchRun(subject, plan, System::nanoTime, line -> say(err, line));
    List<TypeReport> types = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (NumberType type : plan.types()) {
      try (Backend backend = Backends.open(backendName, BackendOptions.of(type.precision()))) {
        types.add(run.measure(type, backend));
        notes.addAll(types.getLast().notes());
      } catch (BackendUnavailableException e) {
        if (plan.insists() || types.isEmpty()) {
          throw e;
        }
        notes.add("%s was left out: %s".formatted(type.label(), e.getMessage()));
      }
    }
    return new BenchReport(
        subject.name(),
        subject.shape(),
        subject.parameters(),
        Machine.description(),
        types,
        ResidentMemory.peakBytes(),
        notes);
  }

  private static void say(PrintWriter err, String line) {
    err.println("bench: " + line);
    err.flush();
  }

  private void write(String text, String target) throws IOException {
    if (target.equals(STANDARD_OUTPUT)) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(Path.of(target), text);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static OptionalInt whole(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
