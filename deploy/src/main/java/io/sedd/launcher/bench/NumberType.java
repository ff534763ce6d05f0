package io.sedd.launcher.bench;

import java.util.Locale;

/** In what the matrix products multiply; they always add in fp32. */
enum NumberType {
  FP32,
  BF16;

  /** As in tables and JSON. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
