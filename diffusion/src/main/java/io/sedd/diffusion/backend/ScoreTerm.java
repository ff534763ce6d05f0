package io.sedd.diffusion.backend;

/**
 * A loss of one row's scores, for {@link Backend#scoreLoss}: with s(y) = exp(logit(y) + logOffset),
 *
 * <pre>
 *   loss = sum over y != own of (square/2 s(y)² + linear s(y) - log ln s(y))
 *          - targetLinear s(target) - targetLog ln s(target) + constant
 * </pre>
 *
 * where the terms of the target are left out if it is the row's own state.
 *
 * @param logOffset added to every logit to give the log score
 * @param square factor of half the squares
 * @param linear factor of the scores
 * @param log factor of the log scores
 * @param targetLinear factor of the target's score
 * @param targetLog factor of the target's log score
 * @param constant what is added
 * @param weight factor of the gradient, not of the loss
 */
public record ScoreTerm(
    double logOffset,
    double square,
    double linear,
    double log,
    double targetLinear,
    double targetLog,
    double constant,
    double weight) {}
