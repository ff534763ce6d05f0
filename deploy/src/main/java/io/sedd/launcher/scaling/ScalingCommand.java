package io.sedd.launcher.scaling;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sedd scaling-docs}: what {@code deploy/simulation/run.sh} runs. */
@Command(
    name = "scaling-docs",
    description = "Simulates 1 to 1,000 workers on one topic and writes docs/scaling.md.",
    mixinStandardHelpOptions = true,
    hidden = true)
public final class ScalingCommand implements Callable<Integer> {

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the jobs (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--template",
      required = true,
      description = "Text of the page, with {demo}, {fast}, {waits}, {joins}, {confirmed}.")
  private Path template;

  @Option(names = "--measured", required = true, description = "What ScalingBenchmark wrote.")
  private Path measured;

  @Option(names = "--page", required = true, description = "Markdown; replaced.")
  private Path page;

  @Option(names = "--picture", required = true, description = "PNG; replaced.")
  private Path picture;

  @Override
  public Integer call() throws IOException {
    ScalingPage made = new ScalingPage(seed, Confirmed.read(measured, seed));
    Files.writeString(page, made.markdown(Files.readString(template)));
    try (OutputStream out = Files.newOutputStream(picture)) {
      made.picture().write(out);
    }
    return 0;
  }
}
