package io.sedd.diffusion.process;

/** How much noise has been added by time t in [0, 1] (arXiv 2310.16834, section 5.1). */
public sealed interface NoiseSchedule {

  /** Total noise sigma(t), the paper's sigma-bar. */
  double total(double t);

  /** Its derivative g(t), the paper's sigma. */
  double rate(double t);

  /** sigma(t) = -ln(1 - (1 - eps) t): a token survives to t with probability 1 - (1 - eps) t. */
  record LogLinear(double eps) implements NoiseSchedule {

    public LogLinear {
      if (!(eps > 0 && eps < 1)) {
        throw new IllegalArgumentException("eps must lie between 0 and 1, not " + eps);
      }
    }

    /** The official eps, 1e-3. */
    public LogLinear() {
      this(1e-3);
    }

    @Override
    public double total(double t) {
      return -Math.log1p(-(1 - eps) * t);
    }

    @Override
    public double rate(double t) {
      return (1 - eps) / (1 - (1 - eps) * t);
    }
  }

  /** sigma(t) = sigmaMin^(1-t) sigmaMax^t; sigma(0) is sigmaMin, not 0. */
  record Geometric(double sigmaMin, double sigmaMax) implements NoiseSchedule {

    public Geometric {
      if (!(sigmaMin > 0 && sigmaMin < sigmaMax && sigmaMax < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "0 < sigmaMin < sigmaMax is needed, not " + sigmaMin + " and " + sigmaMax);
      }
    }

    @Override
    public double total(double t) {
      return Math.pow(sigmaMin, 1 - t) * Math.pow(sigmaMax, t);
    }

    @Override
    public double rate(double t) {
      return total(t) * Math.log(sigmaMax / sigmaMin);
    }
  }
}
