package io.sedd.trainer.chart;

import java.util.List;

/**
 * A bar of one or more parts.
 *
 * @param label to its left
 * @param parts from left to right
 * @param value to its right
 */
public record Bar(String label, List<Part> parts, String value) {

  public Bar {
    parts = List.copyOf(parts);
  }

  /**
   * A part of a bar.
   *
   * @param length in units of the panel
   * @param ink of it
   */
  public record Part(double length, Ink ink) {}

  double length() {
    return parts.stream().mapToDouble(Part::length).sum();
  }
}
