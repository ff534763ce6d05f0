package io.sedd.trainer.chart;

/** How numbers become places on an axis. */
public enum Scale {
  /** Equal differences are equally long. */
  LINEAR,
  /** Equal ratios are equally long; all numbers are above 0. */
  LOGARITHMIC
}
