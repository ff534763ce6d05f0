package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Precision;
import java.util.Locale;

/** In what the matrix products multiply; they always add in fp32. */
enum NumberType {
  FP32(Precision.FP32),
  BF16(Precision.BF16);

  private final Precision precision;

  NumberType(Precision precision) {
    this.precision = precision;
  }

  /** What a backend is opened with. */
  Precision precision() {
    return precision;
  }

  /** As in tables and JSON. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
