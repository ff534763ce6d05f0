package io.sedd.trainer.chart;

import io.sedd.trainer.chart.Pen.Anchor;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Curves over two axes.
 *
 * @param title heading
 * @param explanation below it
 * @param xName what runs to the right
 * @param xScale of it
 * @param yScale of what goes up
 * @param curves drawn in this order
 */
public record CurvePanel(
    String title, String explanation, String xName, Scale xScale, Scale yScale, List<Curve> curves)
    implements Panel {

  private static final double LEFT = 58;
  private static final double LABEL_SIZE = 12;
  private static final double LABEL_GAP = 12;

  /** For labels, where no longer one wants more. */
  private static final double RIGHT = 190;

  private static final double BOTTOM = 44;
  private static final double LABEL_PITCH = 16;
  private static final double TICK_SIZE = 11.5;
  private static final double TICK_GAP = 8;

  /** Above this, each of a curve's points gets no dot and no number below it. */
  private static final int FEW_POINTS = 16;

  public CurvePanel {
    curves = List.copyOf(curves);
  }

  @Override
  public void draw(Pen pen, double x, double y, double width, double height) {
    List<Curve.Point> points = curves.stream().flatMap(c -> c.points().stream()).toList();
    if (points.isEmpty()) {
      return;
    }
    Axis across =
        Axis.spanning(
            xScale,
            points.stream().mapToDouble(Curve.Point::x).toArray(),
            x + LEFT,
            x + width - Math.max(RIGHT, LABEL_GAP + widestLabel(pen)));
    double[] heights = points.stream().mapToDouble(Curve.Point::y).toArray();
    Axis up = Axis.rounded(yScale, heights, y + height - BOTTOM, y + 6);
    for (double tick : up.ticks()) {
      pen.line(across.start(), up.at(tick), across.end(), up.at(tick), 1, Ink.RULE);
      pen.text(tick(tick), x + LEFT - 10, up.at(tick) + 4, 11.5, false, Ink.FAINT, Anchor.END);
    }
    apart(pen, xTicks(points, across), across)
        .forEach(
            tick ->
                pen.text(
                    tick(tick),
                    across.at(tick),
                    y + height - BOTTOM + 19,
                    TICK_SIZE,
                    false,
                    Ink.FAINT,
                    Anchor.MIDDLE));
    pen.text(
        xName,
        (across.start() + across.end()) / 2,
        y + height - 6,
        11.5,
        false,
        Ink.FAINT,
        Anchor.MIDDLE);
    for (Curve curve : curves) {
      for (int i = 1; i < curve.points().size(); i++) {
        Curve.Point from = curve.points().get(i - 1);
        Curve.Point to = curve.points().get(i);
        pen.line(
            across.at(from.x()), up.at(from.y()), across.at(to.x()), up.at(to.y()), 2, curve.ink());
      }
      for (Curve.Point point :
          curve.points().size() > FEW_POINTS ? List.<Curve.Point>of() : curve.points()) {
        pen.dot(across.at(point.x()), up.at(point.y()), 3.6, point.hollow(), curve.ink());
      }
    }
    labels(pen, across, up);
  }

  /** The points' own places where they are few. */
  private static List<Double> xTicks(List<Curve.Point> points, Axis across) {
    List<Double> places = points.stream().map(Curve.Point::x).distinct().sorted().toList();
    return places.size() > FEW_POINTS ? across.ticks() : places;
  }

  /** From the left those that do not touch the one before or the last, and the last. */
  private static List<Double> apart(Pen pen, List<Double> ticks, Axis across) {
    List<Double> kept = new ArrayList<>();
    double last = ticks.getLast();
    double limit = across.at(last) - halfWidth(pen, last) - TICK_GAP;
    double end = Double.NEGATIVE_INFINITY;
    for (double tick : ticks.subList(0, ticks.size() - 1)) {
      double half = halfWidth(pen, tick);
      if (across.at(tick) - half >= end && across.at(tick) + half <= limit) {
        kept.add(tick);
        end = across.at(tick) + half + TICK_GAP;
      }
    }
    kept.add(last);
    return kept;
  }

  private static double halfWidth(Pen pen, double tick) {
    return pen.width(tick(tick), TICK_SIZE, false) / 2;
  }

  private double widestLabel(Pen pen) {
    return curves.stream()
        .filter(c -> !c.points().isEmpty())
        .mapToDouble(c -> pen.width(label(c), LABEL_SIZE, true))
        .max()
        .orElse(0);
  }

  private static String label(Curve curve) {
    return curve.label() + "  " + number(curve.points().getLast().y());
  }

  /** At the right ends, pushed apart where they would touch. */
  private void labels(Pen pen, Axis across, Axis up) {
    List<Curve> fromTop =
        curves.stream()
            .filter(c -> !c.points().isEmpty())
            .sorted(Comparator.comparingDouble(c -> up.at(c.points().getLast().y())))
            .toList();
    List<Double> heights = new ArrayList<>();
    for (Curve curve : fromTop) {
      double wanted = up.at(curve.points().getLast().y());
      heights.add(heights.isEmpty() ? wanted : Math.max(wanted, heights.getLast() + LABEL_PITCH));
    }
    for (int i = 0; i < fromTop.size(); i++) {
      Curve curve = fromTop.get(i);
      double end = across.at(curve.points().getLast().x());
      pen.text(
          label(curve),
          end + LABEL_GAP,
          heights.get(i) + 4,
          LABEL_SIZE,
          true,
          curve.ink(),
          Anchor.START);
    }
  }

  /** As {@link #number}, without the zeros that tell a tick nothing. */
  private static String tick(double value) {
    if (value != 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1e7)) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    return new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  private static String number(double value) {
    if (value == 0) {
      return "0";
    }
    if (value < 0.01) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    // three digits, or all that stand before the point
    String form = value >= 99.95 ? "%,.0f" : value >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
