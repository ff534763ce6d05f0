package io.sedd.trainer.chart;

import io.sedd.trainer.chart.Pen.Anchor;
import java.util.List;

/**
 * Bars below each other.
 *
 * @param title heading
 * @param explanation below it
 * @param bars from the top
 * @param full length of a bar over the whole width; longer ones widen the scale
 * @param keys a legend, may be empty
 */
public record BarPanel(
    String title, String explanation, List<Bar> bars, double full, List<Key> keys)
    implements Panel {

  private static final double LABELS = 140;
  private static final double VALUES = 132;
  private static final double TALLEST = 34;
  private static final double LEGEND = 22;

  public BarPanel {
    bars = List.copyOf(bars);
    keys = List.copyOf(keys);
  }

  @Override
  public void draw(Pen pen, double x, double y, double width, double height) {
    double bottom = keys.isEmpty() ? height : height - LEGEND;
    double pitch = Math.min(TALLEST, bottom / Math.max(1, bars.size()));
    double span = width - LABELS - VALUES;
    double longest = bars.stream().mapToDouble(Bar::length).max().orElse(full);
    double unit = span / Math.max(full, longest);
    double top = y;
    for (Bar bar : bars) {
      double thickness = pitch * 0.62;
      double base = top + thickness / 2 + 4.3;
      pen.text(
          pen.fitting(bar.label(), LABELS - 8, 12, false),
          x,
          base,
          12,
          false,
          Ink.TEXT,
          Anchor.START);
      pen.box(x + LABELS, top, span, thickness, Ink.TRACK);
      double from = x + LABELS;
      for (Bar.Part part : bar.parts()) {
        pen.box(from, top, part.length() * unit, thickness, part.ink());
        from += part.length() * unit;
      }
      pen.text(bar.value(), x + LABELS + span + 8, base, 12, true, Ink.TEXT, Anchor.START);
      top += pitch;
    }
    double at = x + LABELS;
    double legend = top + 6;
    for (Key key : keys) {
      pen.box(at, legend, 10, 10, key.ink());
      pen.text(key.label(), at + 15, legend + 9, 11.5, false, Ink.FAINT, Anchor.START);
      at += 15 + pen.width(key.label(), 11.5, false) + 18;
    }
  }
}
