package io.sedd.trainer.evaluation;

/**
 * An estimate of the likelihood bound's integral D(earliest), in nats.
 *
 * @param nats mean over the sequences, per token
 * @param standardError of {@code nats}, over the sequences; at most this, since times that cover
 *     [0, 1] evenly only make it smaller
 * @param sequences how many were looked at
 * @param tokens in all of them
 * @param priorNats per token: KL(p(x_1|x0) || prior); for the absorbing graph it is infinite by the
 *     letter (a token survives to t = 1 with probability e^-sigma(1)) and left out as 0
 */
public record BoundEstimate(
    double nats, double standardError, int sequences, long tokens, double priorNats) {

  /** D(earliest) plus the prior's divergence, nats per token. */
  public double bound() {
    return nats + priorNats;
  }

  /** exp of the bound: per-token perplexity, at most. */
  public double perplexity() {
    return Math.exp(bound());
  }

  /**
   * The bound in bits per character or byte.
   *
   * @param unitsPerToken characters or bytes of the text, over its tokens
   */
  public double bitsPer(double unitsPerToken) {
    return bound() / unitsPerToken / Math.log(2);
  }
}
