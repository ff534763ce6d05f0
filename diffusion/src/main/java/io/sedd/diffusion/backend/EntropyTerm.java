package io.sedd.diffusion.backend;

/**
 * Constants of one sequence, for {@link Backend#scoreEntropy}.
 *
 * @param sigma total noise of the sequence
 * @param logOffset added to every logit to give the log score
 * @param weight factor of the gradient: g(t), over the number of sequences where the loss is a mean
 */
public record EntropyTerm(double sigma, double logOffset, double weight) {}
