package io.sedd.launcher.demo;

import io.sedd.launcher.demo.Outcomes.Outcome;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.protocol.job.JobError;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Prints the demo for a person. */
final class Report {

  private final PrintWriter out;
  private final Ansi ansi;

  Report(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  void heading(String line) {
    say("");
    say(ansi.string("@|bold " + line + "|@"));
  }

  void outcome(DemoJob job, Outcome outcome) {
    switch (outcome) {
      case Outcome.Result(GenerationResult result) -> result(job, result);
      case Outcome.DeadLetter letter ->
          say(
              "\n* %s (%s): dead letter, %s: %s"
                  .formatted(job.id(), job.title(), letter.code(), letter.message()));
    }
  }

  private void result(DemoJob job, GenerationResult result) {
    if (result.outcome() == GenerationResult.Outcome.COMPLETED) {
      say(
          String.format(
              Locale.ROOT,
              "%n* %s (%s): %d steps, waited %.2f s, denoised in %.2f s, by %s",
              job.id(),
              job.title(),
              result.steps(),
              result.queueMillis() / 1e3,
              result.denoiseMillis() / 1e3,
              result.checkpoint().map(GenerationResult.CheckpointName::name).orElse("nobody")));
      result.samples().forEach(sample -> say("    " + oneLine(sample.text())));
    } else {
      JobError error = result.error().orElseThrow();
      say(
          "\n* %s (%s): %s, %s at %s: %s"
              .formatted(
                  job.id(),
                  job.title(),
                  result.outcome().wireName(),
                  error.code().wireName(),
                  error.path(),
                  error.message()));
    }
  }

  /** A text may hold line breaks; indented, they stay readable. */
  private static String oneLine(String text) {
    return text.strip().replace("\n", "\n    ");
  }
}
