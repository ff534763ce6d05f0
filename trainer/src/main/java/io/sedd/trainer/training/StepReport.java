package io.sedd.trainer.training;

/**
 * What one optimizer step did.
 *
 * @param step its number, 1 for the first
 * @param loss mean over the sequences of g(t) times the summed score entropy, nats per sequence
 * @param natsPerToken the loss of all sequences over their tokens
 * @param gradientNorm before clipping
 * @param learningRate of this step
 * @param tokens in its sequences
 */
public record StepReport(
    int step,
    double loss,
    double natsPerToken,
    double gradientNorm,
    double learningRate,
    long tokens) {}
