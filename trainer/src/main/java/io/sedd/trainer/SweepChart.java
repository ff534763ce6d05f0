package io.sedd.trainer;

import io.sedd.trainer.chart.Curve;
import io.sedd.trainer.chart.CurvePanel;
import io.sedd.trainer.chart.Ink;
import io.sedd.trainer.chart.Page;
import io.sedd.trainer.chart.Scale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Generative perplexity, entropy and repetition over the number of steps. */
final class SweepChart {

  private static final List<Ink> INKS =
      List.of(Ink.NAVY, Ink.SKY, Ink.RED, Ink.SAND, Ink.ORANGE, Ink.FAINT);

  private SweepChart() {}

  static Page of(String model, List<Map<String, Object>> rows) {
    return new Page(
        "Samples of " + model + " over the number of steps",
        List.of("Lower perplexity is better only where the entropy is that of real text"),
        Optional.of(panel("Entropy, nats", JudgeOptions.ENTROPY, Scale.LINEAR, rows)),
        Optional.of(panel("Repetition", "repetition", Scale.LINEAR, rows)),
        Optional.of(
            panel("Generative perplexity", JudgeOptions.PERPLEXITY, Scale.LOGARITHMIC, rows)));
  }

  private static CurvePanel panel(
      String title, String column, Scale upwards, List<Map<String, Object>> rows) {
    Map<String, List<Curve.Point>> curves = new LinkedHashMap<>();
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Map<String, Object> row : rows) {
      if (swept(row)) {
        int steps = (int) row.get("steps");
        least = Math.min(least, steps);
        most = Math.max(most, steps);
        curves
            .computeIfAbsent(row.get("predictor") + ", " + row.get("draw"), _ -> new ArrayList<>())
            .add(new Curve.Point(steps, (double) row.get(column), false));
      }
    }
    for (Map<String, Object> row : rows) {
      if (!swept(row)) {
        double level = (double) row.get(column);
        curves.put(
            row.get("steps") == null ? "real text" : "next token",
            List.of(new Curve.Point(least, level, true), new Curve.Point(most, level, true)));
      }
    }
    List<Curve> drawn = new ArrayList<>();
    curves.forEach(
        (label, points) ->
            drawn.add(new Curve(label, INKS.get(drawn.size() % INKS.size()), points)));
    return new CurvePanel(
        title, "hollow: does not depend on the steps", "steps", Scale.LOGARITHMIC, upwards, drawn);
  }

  private static boolean swept(Map<String, Object> row) {
    return row.get("steps") != null && !row.get("predictor").equals("next token");
  }
}
