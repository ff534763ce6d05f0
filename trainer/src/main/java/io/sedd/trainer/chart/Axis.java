package io.sedd.trainer.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An axis.
 *
 * @param scale of its numbers
 * @param low value at its start
 * @param high value at its end
 * @param start place of the lowest value
 * @param end place of the highest
 */
record Axis(Scale scale, double low, double high, double start, double end) {

  /** About so many ticks has a linear axis. */
  private static final int TICKS = 5;

  /** From the smallest to the largest value. */
  static Axis spanning(Scale scale, double[] values, double start, double end) {
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    if (high > low) {
      return new Axis(scale, low, high, start, end);
    }
    return switch (scale) {
      case LOGARITHMIC -> new Axis(scale, low / 2, low * 2, start, end);
      case LINEAR -> new Axis(scale, low - 1, low + 1, start, end);
    };
  }

  /** From a round value below all to a round one above. */
  static Axis rounded(Scale scale, double[] values, double start, double end) {
    Axis tight = spanning(scale, values, start, end);
    return switch (scale) {
      case LOGARITHMIC -> new Axis(scale, leadBelow(tight.low), leadAbove(tight.high), start, end);
      case LINEAR -> {
        double step = tight.step();
        yield new Axis(
            scale,
            step * Math.floor(tight.low / step),
            step * Math.ceil(tight.high / step),
            start,
            end);
      }
    };
  }

  double at(double value) {
    double share =
        switch (scale) {
          case LOGARITHMIC -> Math.log(value / low) / Math.log(high / low);
          case LINEAR -> (value - low) / (high - low);
        };
    return start + (end - start) * share;
  }

  /** Powers of ten, with 2 and 5 times them where the axis is short; or round steps. */
  List<Double> ticks() {
    return switch (scale) {
      case LOGARITHMIC -> logarithmicTicks();
      case LINEAR -> linearTicks();
    };
  }

  private List<Double> logarithmicTicks() {
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

  private List<Double> linearTicks() {
    double step = step();
    List<Double> ticks = new ArrayList<>();
    long last = (long) Math.floor(high / step + 1e-6);
    for (long n = (long) Math.ceil(low / step - 1e-6); n <= last; n++) {
      ticks.add(n * step);
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten. */
  private double step() {
    return leadAbove((high - low) / TICKS);
  }

  private static double leadBelow(double value) {
    double decade = Math.pow(10, Math.floor(Math.log10(value)));
    return decade * (value / decade >= 5 ? 5 : value / decade >= 2 ? 2 : 1);
  }

  private static double leadAbove(double value) {
    double below = leadBelow(value);
    double decade = Math.pow(10, Math.floor(Math.log10(below) + 1e-9));
    double lead = below / decade;
    return value <= below * 1.0001
        ? below
        : lead > 4 ? 10 * decade : lead > 1.5 ? 5 * decade : 2 * decade;
  }
}
