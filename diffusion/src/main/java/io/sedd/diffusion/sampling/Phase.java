package io.sedd.diffusion.sampling;

import java.util.Locale;

/** What a denoising step spends its time on. */
public enum Phase {
  /** Embedding and blocks of the network, on the rows of all tokens. */
  FORWARD,
  /** Final norm and vocabulary projection, on the open rows. */
  HEAD,
  /** The categorical draw, on the open rows. */
  DRAW,
  /** Everything around them: gathering the lanes' rows, handing out what was drawn. */
  HOST;

  /** In lower case, as in metrics and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
