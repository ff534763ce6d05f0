package io.sedd.trainer.chart;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Draws in points of the page, whatever the resolution of the image. */
final class Pen {

  /** Where a text begins, lies or ends. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final Graphics2D graphics;

  Pen(Graphics2D graphics) {
    this.graphics = graphics;
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  void text(String text, double x, double y, double size, boolean bold, Ink ink, Anchor anchor) {
    graphics.setFont(font(size, bold));
    graphics.setColor(ink.color());
    double width = graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
    double from =
        switch (anchor) {
          case START -> x;
          case MIDDLE -> x - width / 2;
          case END -> x - width;
        };
    graphics.drawString(text, (float) from, (float) y);
  }

  double width(String text, double size, boolean bold) {
    return graphics.getFontMetrics(font(size, bold)).getStringBounds(text, graphics).getWidth();
  }

  /** The text, or as much of its beginning as fits, with dots. */
  String fitting(String text, double width, double size, boolean bold) {
    String shown = text;
    while (shown.length() > 1 && width(shown, size, bold) > width) {
      shown = shown.substring(0, shown.length() - 2).stripTrailing() + "…";
    }
    return shown;
  }

  void box(double x, double y, double width, double height, Ink ink) {
    graphics.setColor(ink.color());
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  void line(double x1, double y1, double x2, double y2, double width, Ink ink) {
    graphics.setColor(ink.color());
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  void dot(double x, double y, double radius, boolean hollow, Ink ink) {
    Ellipse2D shape = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    graphics.setColor((hollow ? Ink.PAPER : ink).color());
    graphics.fill(shape);
    graphics.setColor(ink.color());
    graphics.setStroke(new BasicStroke(1.6f));
    graphics.draw(shape);
  }

  private static Font font(double size, boolean bold) {
    return new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
  }
}
