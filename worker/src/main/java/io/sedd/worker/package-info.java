/**
 * The worker: Kafka in, batch, denoise, Kafka out. Its stages, in the order of a job's way, are
 * {@code intake}, {@code scheduling}, {@code denoising} and {@code publishing}; {@code reload}
 * brings checkpoints in, {@code http} and {@code metrics} show how it is doing.
 */
package io.sedd.worker;
