package io.sedd.trainer.experiments;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What figures say beside what the paper says, one sentence each. */
final class Verdicts {

  /** Where a claim is from, unless said otherwise. */
  private static final String PAPER = "the paper";

  private static final String OPEN = "Not decided at this size: ";

  private Verdicts() {}

  /** Whether the first model's nats are below the other's, by more than both intervals. */
  static String lower(String claim, Map<String, Object> expected, Map<String, Object> other) {
    double difference = number(expected, "nats") - number(other, "nats");
    double error =
        Math.hypot(
            number(expected, "to") - number(expected, "nats"),
            number(other, "to") - number(other, "nats"));
    String figures =
        String.format(
            Locale.ROOT,
            "%s %.3f, %s %.3f nats a token, difference %+.3f ± %.3f (95 %%)",
            expected.get("model"),
            number(expected, "nats"),
            other.get("model"),
            number(other, "nats"),
            difference,
            error);
    return said(PAPER, difference < -error, difference > error, figures, claim);
  }

  /** At how many step counts a kind of sampling has the lower column, as the paper says. */
  static String curves(
      String claim, String column, List<Map<String, Object>> rows, Kind expected, Kind other) {
    return curves(PAPER, claim, column, rows, expected, other);
  }

  /** The same for a claim from elsewhere. */
  static String curves(
      String source,
      String claim,
      String column,
      List<Map<String, Object>> rows,
      Kind expected,
      Kind other) {
    Map<Integer, Double> low = of(rows, expected, column);
    Map<Integer, Double> high = of(rows, other, column);
    if (low.equals(high)) {
      return "%s and %s are the same.".formatted(expected, other);
    }
    long below = low.keySet().stream().filter(n -> low.get(n) < high.get(n)).count();
    String figures =
        "%s has the lower %s than %s at %d of %d step counts"
            .formatted(expected, column, other, below, low.size());
    return said(source, below == low.size(), below == 0, figures, claim);
  }

  /** From how many steps on the samples are at least as good as those of the next token. */
  static String against(String claim, String column, List<Map<String, Object>> rows, Kind kind) {
    double level =
        rows.stream()
            .filter(row -> "next token".equals(row.get("predictor")))
            .mapToDouble(row -> number(row, column))
            .findFirst()
            .orElseThrow();
    Map<Integer, Double> curve = of(rows, kind, column);
    var reached = curve.entrySet().stream().filter(e -> e.getValue() <= level).findFirst();
    String figures =
        reached.isPresent()
            ? "%s reaches the baseline's %s of %.1f at %d steps"
                .formatted(kind, column, level, reached.get().getKey())
            : String.format(
                Locale.ROOT,
                "%s stays above the baseline's %s of %.1f (%.1f at the most steps)",
                kind,
                column,
                level,
                new TreeMap<>(curve).lastEntry().getValue());
    return said(PAPER, reached.isPresent(), reached.isEmpty(), figures, claim);
  }

  private static String said(
      String source, boolean same, boolean other, String figures, String claim) {
    String word = same ? "As in " + source + ": " : other ? "Other than in " + source + ": " : OPEN;
    return "%s%s. %s: %s."
        .formatted(word, figures, source.equals(PAPER) ? "The paper" : source, claim);
  }

  /** The lowest value that a kind of sampling reaches at any number of steps. */
  static double least(List<Map<String, Object>> rows, Kind kind, String column) {
    return of(rows, kind, column).values().stream().mapToDouble(v -> v).min().orElseThrow();
  }

  /** A predictor and a draw. */
  record Kind(String predictor, String draw) {
    @Override
    public String toString() {
      return predictor + " with the " + draw + " draw";
    }
  }

  private static Map<Integer, Double> of(List<Map<String, Object>> rows, Kind kind, String column) {
    Map<Integer, Double> curve = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      if (kind.predictor().equals(row.get("predictor"))
          && kind.draw().equals(row.get("draw"))
          && row.get("steps") instanceof Integer steps) {
        curve.put(steps, number(row, column));
      }
    }
    if (curve.isEmpty()) {
      throw new IllegalArgumentException("the sweep has no row of " + kind);
    }
    return curve;
  }

  static double number(Map<String, Object> row, String column) {
    if (row.get(column) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("a row has no number in " + column + ": " + row);
  }
}
