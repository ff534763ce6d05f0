package io.sedd.trainer.chart;

import io.sedd.trainer.chart.Pen.Anchor;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * A page with two panels side by side and one below them, any of which may be missing.
 *
 * @param title heading
 * @param lines below it
 * @param left above, on the left
 * @param right above, on the right
 * @param below over the whole width
 */
public record Page(
    String title,
    List<String> lines,
    Optional<Panel> left,
    Optional<Panel> right,
    Optional<Panel> below) {

  /** Width of the image; pages of documentation show it at half of that. */
  public static final int WIDTH = 2 * 1000;

  /** Height of the image. */
  public static final int HEIGHT = 2 * 720;

  private static final double SCALE = 2;
  private static final double MARGIN = 32;
  private static final double GAP = 36;
  private static final double UPPER = 270;

  public Page {
    lines = List.copyOf(lines);
  }

  /**
   * Writes the page as PNG.
   *
   * @throws IOException where it cannot be written, or this machine has no font to write with
   */
  public void write(OutputStream out) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.scale(SCALE, SCALE);
      draw(new Pen(graphics));
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IOException(
          "the chart cannot be drawn; Java needs fontconfig and a font for it, as in the packages"
              + " fontconfig and fonts-dejavu-core: "
              + e,
          e);
    } finally {
      graphics.dispose();
    }
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java has no PNG writer; the module java.desktop is needed");
    }
  }

  private void draw(Pen pen) {
    double width = WIDTH / SCALE;
    pen.box(0, 0, width, HEIGHT / SCALE, Ink.PAPER);
    double inner = width - 2 * MARGIN;
    double y = MARGIN + 16;
    pen.text(pen.fitting(title, inner, 22, true), MARGIN, y, 22, true, Ink.TEXT, Anchor.START);
    for (String line : lines) {
      y += 20;
      pen.text(pen.fitting(line, inner, 12, false), MARGIN, y, 12, false, Ink.FAINT, Anchor.START);
    }
    double top = y + 38;
    double half = (inner - GAP) / 2;
    double lower = left.isPresent() || right.isPresent() ? top + UPPER : top;
    left.ifPresent(panel -> panel(pen, panel, MARGIN, top, half, UPPER - GAP));
    right.ifPresent(panel -> panel(pen, panel, MARGIN + half + GAP, top, half, UPPER - GAP));
    below.ifPresent(
        panel -> panel(pen, panel, MARGIN, lower, inner, HEIGHT / SCALE - MARGIN / 2 - lower));
  }

  private static void panel(Pen pen, Panel panel, double x, double y, double width, double height) {
    pen.text(panel.title(), x, y, 15, true, Ink.TEXT, Anchor.START);
    pen.text(
        pen.fitting(panel.explanation(), width, 11.5, false),
        x,
        y + 18,
        11.5,
        false,
        Ink.FAINT,
        Anchor.START);
    panel.draw(pen, x, y + 32, width, height - 32);
  }
}
