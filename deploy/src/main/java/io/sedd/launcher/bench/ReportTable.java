package io.sedd.launcher.bench;

import io.sedd.diffusion.sampling.Phase;
import java.io.PrintWriter;
import java.util.Locale;

/** A report for people. */
final class ReportTable {

  private final PrintWriter out;

  ReportTable(PrintWriter out) {
    this.out = out;
  }

  void print(BenchReport report) {
    line(
        "%s: %d × %d, %d heads, %,d states, length %,d, %.1f M parameters",
        report.subject(),
        report.shape().hidden(),
        report.shape().blocks(),
        report.shape().heads(),
        report.shape().states(),
        report.shape().length(),
        report.parameters() / 1e6);
    line("%s", report.machine());
    for (TypeReport type : report.types()) {
      line("%s: %s", type.type().label(), type.device());
    }
    ceilings(report);
    forward(report);
    steps(report);
    generation(report);
    training(report);
    line("");
    report.peakBytes().ifPresent(bytes -> line("peak resident memory: %,d MiB", bytes >> 20));
    report.notes().forEach(note -> line("note: %s", note));
    out.flush();
  }

  private void ceilings(BenchReport report) {
    title("Matrix products through the backend; the best is the ceiling");
    line("type  product         rows × in × out         GFLOP/s  of ceiling");
    for (TypeReport type : report.types()) {
      for (ProductRate product : type.products()) {
        line(
            "%-5s %-14s  %-22s  %7.1f  %9s%s",
            type.type().label(),
            product.what(),
            "%d × %d × %d".formatted(product.rows(), product.in(), product.out()),
            product.gflops(),
            percent(product.gflops() / type.ceiling()),
            product.gflops() == type.ceiling() ? "  ◀ ceiling" : "");
      }
    }
  }

  private void forward(BenchReport report) {
    if (report.types().stream().allMatch(type -> type.forward().isEmpty())) {
      return;
    }
    title("Evaluation of the network, every row scored");
    line("type  batch  tokens        ms  head ms  GFLOP/s  of ceiling");
    report.types().stream()
        .flatMap(type -> type.forward().stream())
        .forEach(
            f ->
                line(
                    "%-5s %5d  %6d  %8.2f  %7.2f  %7.1f  %10s",
                    f.type().label(),
                    f.batch(),
                    f.tokens(),
                    f.seconds() * 1e3,
                    f.headSeconds() * 1e3,
                    f.gflops(),
                    percent(f.share())));
  }

  private void steps(BenchReport report) {
    if (report.types().stream().allMatch(type -> type.steps().isEmpty())) {
      return;
    }
    title("One analytic step of the batch");
    line("type  batch           lanes  tokens    open        ms   forward     head    draw   host");
    for (TypeReport type : report.types()) {
      for (StepCost step : type.steps()) {
        line(
            "%-5s %-14s  %5d  %6d  %6d  %8.2f  %8s  %7s  %6s  %5s",
            step.type().label(),
            step.what().text(),
            step.lanes().members().size(),
            step.lanes().rows(),
            step.lanes().openRows(),
            step.seconds() * 1e3,
            millis(step, Phase.FORWARD),
            millis(step, Phase.HEAD),
            millis(step, Phase.DRAW),
            millis(step, Phase.HOST));
      }
    }
    for (TypeReport type : report.types()) {
      type.ratios()
          .ifPresent(
              r ->
                  line(
                      "%s: a step takes %s of the evaluation alone; half revealed %s of a full one;"
                          + " mixed lengths reach %s of the tokens/s of equal ones",
                      r.type().label(),
                      percent(r.stepOverForward()),
                      percent(r.halfOverFull()),
                      percent(r.mixedOverEqual())));
    }
  }

  private void generation(BenchReport report) {
    if (report.types().stream().allMatch(type -> type.generation().isEmpty())) {
      return;
    }
    title("From noise to text (~ summed up from steps at five shares of open positions, not run)");
    line("type  steps  batch     tokens/s    ms/step     seconds");
    report.types().stream()
        .flatMap(type -> type.generation().stream())
        .forEach(
            g ->
                line(
                    "%-5s %5d  %5d  %s%10s  %9.2f  %s%9.2f",
                    g.type().label(),
                    g.steps(),
                    g.batch(),
                    g.extrapolated() ? "~" : " ",
                    rate(g.tokensPerSecond()),
                    1e3 * g.seconds() / (g.steps() + 1),
                    g.extrapolated() ? "~" : " ",
                    g.seconds()));
  }

  private void training(BenchReport report) {
    if (report.types().stream().allMatch(type -> type.training().isEmpty())) {
      return;
    }
    title("Training: forward, loss, backward, update");
    line("type  batch  tokens        ms  tokens/s  GFLOP/s  of ceiling");
    report.types().stream()
        .flatMap(type -> type.training().stream())
        .forEach(
            t ->
                line(
                    "%-5s %5d  %6d  %8.1f  %8s  %7.1f  %10s",
                    t.type().label(),
                    t.batch(),
                    t.tokens(),
                    t.seconds() * 1e3,
                    rate(t.tokensPerSecond()),
                    t.gflops(),
                    percent(t.share())));
  }

  private void title(String text) {
    line("");
    line("%s", text);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private static String millis(StepCost step, Phase phase) {
    return String.format(Locale.ROOT, "%.2f", step.phases().get(phase) * 1e3);
  }

  private static String percent(PairedRatio ratio) {
    return String.format(
        Locale.ROOT,
        "%.1f %% (%.1f to %.1f)",
        100 * ratio.median(),
        100 * ratio.low(),
        100 * ratio.high());
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** Three digits, or all that stand before the point. */
  static String rate(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
