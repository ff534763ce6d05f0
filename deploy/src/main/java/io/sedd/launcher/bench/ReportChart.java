package io.sedd.launcher.bench;

import io.sedd.diffusion.sampling.Phase;
import io.sedd.trainer.chart.Bar;
import io.sedd.trainer.chart.BarPanel;
import io.sedd.trainer.chart.Curve;
import io.sedd.trainer.chart.CurvePanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Key;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.chart.Panel;
import io.sedd.trainer.chart.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A report as a picture: shares of the ceiling, a step by phases, tokens a second. */
final class ReportChart {

  private static final List<Ink> COOL = List.of(Ink.SKY, Ink.BLUE, Ink.NAVY);
  private static final List<Ink> WARM = List.of(Ink.SAND, Ink.ORANGE, Ink.RED);

  private ReportChart() {}

  static Page of(BenchReport report) {
    String shape =
        String.format(
            Locale.ROOT,
            "%d × %d, %,d states, length %,d, %.1f M parameters",
            report.shape().hidden(),
            report.shape().blocks(),
            report.shape().states(),
            report.shape().length(),
            report.parameters() / 1e6);
    return new Page(
        "SEDD on this machine: " + report.subject(),
        List.of(shape, report.machine()),
        shares(report),
        phases(report),
        generation(report));
  }

  private static Optional<Panel> shares(BenchReport report) {
    List<Bar> bars = new ArrayList<>();
    List<String> ceilings = new ArrayList<>();
    for (TypeReport type : report.types()) {
      ceilings.add(
          String.format(Locale.ROOT, "%s %.0f GFLOP/s", type.type().label(), type.ceiling()));
      for (ForwardRate rate : type.forward()) {
        String what = "%s forward ×%d".formatted(type.type().label(), rate.batch());
        bars.add(bar(what, rate.share(), rate.gflops(), Ink.BLUE));
      }
      for (TrainingRate rate : type.training()) {
        String what = "%s training ×%d".formatted(type.type().label(), rate.batch());
        bars.add(bar(what, rate.share(), rate.gflops(), Ink.ORANGE));
      }
    }
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BarPanel(
                "How much of the ceiling is used",
                "Full width: the best matrix product measured, " + String.join(", ", ceilings),
                bars,
                1,
                List.of()));
  }

  private static Bar bar(String what, double share, double gflops, Ink ink) {
    String value = String.format(Locale.ROOT, "%.0f %%  (%.0f GF/s)", 100 * share, gflops);
    return new Bar(what, List.of(new Bar.Part(share, ink)), value);
  }

  private static Optional<Panel> phases(BenchReport report) {
    List<Bar> bars =
        report.types().stream()
            .flatMap(type -> type.steps().stream())
            .map(ReportChart::phases)
            .toList();
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BarPanel(
                "Where a step spends its time",
                "One analytic step; microseconds for each token of the batch",
                bars,
                0,
                Arrays.stream(Phase.values()).map(p -> new Key(p.label(), ink(p))).toList()));
  }

  private static Bar phases(StepCost step) {
    double scale = 1e6 / step.lanes().rows();
    List<Bar.Part> parts =
        Arrays.stream(Phase.values())
            .map(phase -> new Bar.Part(step.phases().get(phase) * scale, ink(phase)))
            .toList();
    return new Bar(
        step.type().label() + " " + step.what().text(),
        parts,
        String.format(
            Locale.ROOT, "%.1f µs  (%.1f ms)", step.seconds() * scale, step.seconds() * 1e3));
  }

  private static Ink ink(Phase phase) {
    return switch (phase) {
      case FORWARD -> Ink.NAVY;
      case HEAD -> Ink.BLUE;
      case DRAW -> Ink.ORANGE;
      case HOST -> Ink.RED;
    };
  }

  private static Optional<Panel> generation(BenchReport report) {
    List<Curve> curves = new ArrayList<>();
    for (TypeReport type : report.types()) {
      List<Integer> batches =
          type.generation().stream().map(GenerationRate::batch).distinct().sorted().toList();
      List<Ink> inks = type.type() == NumberType.FP32 ? COOL : WARM;
      for (int i = 0; i < batches.size(); i++) {
        int batch = batches.get(i);
        List<Curve.Point> points =
            type.generation().stream()
                .filter(rate -> rate.batch() == batch)
                .map(
                    rate ->
                        new Curve.Point(rate.steps(), rate.tokensPerSecond(), rate.extrapolated()))
                .toList();
        Ink ink = inks.get(Math.max(0, inks.size() - batches.size() + i) % inks.size());
        curves.add(new Curve("%s ×%d".formatted(type.type().label(), batch), ink, points));
      }
    }
    return curves.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CurvePanel(
                "Tokens per second, from noise to text",
                "By number of denoising steps and of sequences at once (×); hollow: summed up from"
                    + " measured steps",
                "steps",
                Scale.LOGARITHMIC,
                Scale.LOGARITHMIC,
                curves));
  }
}
