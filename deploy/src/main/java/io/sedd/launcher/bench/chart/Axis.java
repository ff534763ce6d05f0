package io.sedd.launcher.bench.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A logarithmic axis.
 *
 * @param low value at its start
 * @param high value at its end
 * @param start place of the lowest value
 * @param end place of the highest
 */
record Axis(double low, double high, double start, double end) {

  /** From the smallest to the largest value. */
  static Axis spanning(double[] values, double start, double end) {
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    return high > low ? new Axis(low, high, start, end) : new Axis(low / 2, low * 2, start, end);
  }

  /** From a round value below all to a round one above. */
  static Axis decades(double[] values, double start, double end) {
    Axis tight = spanning(values, start, end);
    return new Axis(floor(tight.low()), ceiling(tight.high()), start, end);
  }

  double at(double value) {
    return start + (end - start) * Math.log(value / low) / Math.log(high / low);
  }

  /** Powers of ten, with 2 and 5 times them where the axis is short. */
  List<Double> ticks() {
    int[] steps = high / low > 200 ? new int[] {1} : new int[] {1, 2, 5};
    List<Double> ticks = new ArrayList<>();
    for (int e = (int) Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      for (int step : steps) {
        double tick = step * Math.pow(10, e);
        if (tick >= low * 0.999 && tick <= high * 1.001) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static double floor(double value) {
    double decade = Math.pow(10, Math.floor(Math.log10(value)));
    return decade * (value / decade >= 5 ? 5 : value / decade >= 2 ? 2 : 1);
  }

  private static double ceiling(double value) {
    double below = floor(value);
    double decade = Math.pow(10, Math.floor(Math.log10(below) + 1e-9));
    double lead = below / decade;
    return value <= below * 1.0001
        ? below
        : lead > 4 ? 10 * decade : lead > 1.5 ? 5 * decade : 2 * decade;
  }
}
