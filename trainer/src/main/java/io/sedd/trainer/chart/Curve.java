package io.sedd.trainer.chart;

import java.util.List;

/**
 * Points joined by lines.
 *
 * @param label at its right end
 * @param ink of it
 * @param points from left to right
 */
public record Curve(String label, Ink ink, List<Point> points) {

  public Curve {
    points = List.copyOf(points);
  }

  /**
   * A point; on a logarithmic axis its number is above 0.
   *
   * @param hollow whether it is not a measured one
   */
  public record Point(double x, double y, boolean hollow) {}
}
