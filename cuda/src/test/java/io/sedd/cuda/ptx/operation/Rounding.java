package io.sedd.cuda.ptx.operation;

/** The rounding modes of PTX. */
enum Rounding {
  NEAREST,
  ZERO,
  DOWN,
  UP;

  static Rounding take(Decoder d) {
    return switch (d.takeOne("rn", "rz", "rm", "rp")) {
      case "rz" -> ZERO;
      case "rm" -> DOWN;
      case "rp" -> UP;
      default -> NEAREST;
    };
  }

  /**
   * To fp32 of a number that is exactly {@code high + low}, with low below half an ulp of high; to
   * nearest only where low is 0.
   */
  float round(double high, double low) {
    float nearest = (float) high;
    if (this == NEAREST || Float.isNaN(nearest) || Double.isInfinite(high)) {
      return nearest;
    }
    // the sign of what rounding to nearest left over tells which neighbour the other modes want
    double difference = high - nearest + low;
    boolean down = this == DOWN || (this == ZERO && (high > 0 || (high == 0 && low > 0)));
    if (down && difference < 0) {
      return Math.nextDown(nearest);
    }
    if (!down && difference > 0) {
      return Math.nextUp(nearest);
    }
    return nearest;
  }

  /**
   * To an integer in floating point, as {@code cvt.rni}, {@code .rzi}, {@code .rmi}, {@code .rpi}.
   */
  double integer(double value) {
    return switch (this) {
      case NEAREST -> Math.rint(value);
      case ZERO -> value < 0 ? Math.ceil(value) : Math.floor(value);
      case DOWN -> Math.floor(value);
      case UP -> Math.ceil(value);
    };
  }

  /** What fp32 rounded sums and products are: a · b + c. */
  float fma(float a, float b, float c) {
    if (this == NEAREST) {
      return Math.fma(a, b, c);
    }
    double product = (double) a * b;
    double sum = product + c;
    // Knuth's two-sum: what the sum lost
    double back = sum - product;
    double low = product - (sum - back) + (c - back);
    return round(sum, Double.isFinite(low) ? low : 0);
  }
}
