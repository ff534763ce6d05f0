package io.sedd.launcher.bench;

import io.sedd.diffusion.LoadedCheckpoint;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.BackendOptions;
import io.sedd.diffusion.backend.Backends;
import io.sedd.launcher.CheckpointOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sedd bench}: how fast a checkpoint denoises on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures tokens per second and memory of a checkpoint on this machine.")
public final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private CheckpointOptions checkpoint;

  @Option(
      names = "--backend",
      description = "reference or nd4j; default: the best that can start here.")
  private Optional<String> backendName = Optional.empty();

  @Option(
      names = "--steps",
      split = ",",
      defaultValue = "16,64,256",
      description = "Step counts to measure; default: ${DEFAULT-VALUE}.")
  private List<Integer> steps;

  @Option(
      names = "--batch",
      split = ",",
      defaultValue = "1,8,32",
      description = "Numbers of sequences at once; default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "Runs of each, of which the median counts.")
  private int runs;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Backend backend = Backends.open(backendName, BackendOptions.defaults());
        LoadedCheckpoint loaded = LoadedCheckpoint.load(checkpoint.open(), backend)) {
      int length = loaded.network().shape().length();
      GenerationBench bench = new GenerationBench(backend, loaded);
      out.println(
          loaded.checkpoint().name() + " on " + backend.name() + ": " + backend.description());
      bench.measure(steps.getFirst(), batches.getFirst(), length, 1); // compiles the kernels
      out.println("steps  batch  tokens/s  ms/step");
      for (int step : steps) {
        for (int batch : batches) {
          GenerationTiming timing = bench.measure(step, batch, length, runs);
          out.printf(
              Locale.ROOT,
              "%5d  %5d  %8.0f  %7.2f%n",
              step,
              batch,
              timing.tokensPerSecond(),
              timing.stepMillis());
          out.flush();
        }
      }
      out.printf(Locale.ROOT, "peak resident memory: %d MiB%n", ResidentMemory.peakBytes() >> 20);
    }
    return 0;
  }
}
