package io.sedd.diffusion.backend;

/**
 * How the rows of one sequence are drawn in one step. Given scores, every predictor is one affine
 * rule: with s(y) the score of state y, own the present state and Z the sum of all s(y), s(own) = 1
 * included, the weights are
 *
 * <pre>
 *   y != own:  max(0, alpha s(y) + beta Z)        own:  max(0, gamma + delta Z)
 * </pre>
 *
 * and a state is drawn with probability proportional to its weight. Temperature and top-p act on
 * the distribution over y != own, given that the row leaves its state; the chance of leaving is not
 * touched by them.
 *
 * @param alpha weight of a state's own score
 * @param beta weight of the sum of scores, 0 for the absorbing graph
 * @param gamma constant weight of staying
 * @param delta weight of the sum of scores for staying
 * @param logOffset added to every logit to give the log score
 * @param temperature divides the logarithm of the weights of the states other than own; above 0
 * @param topP share of their probability that is kept, most probable first, in (0, 1]
 * @param seed key of the random numbers
 * @param sample which of the job's samples
 * @param step which step of the sequence's own trajectory, from 0
 */
public record DrawRule(
    double alpha,
    double beta,
    double gamma,
    double delta,
    double logOffset,
    double temperature,
    double topP,
    long seed,
    int sample,
    int step) {}
