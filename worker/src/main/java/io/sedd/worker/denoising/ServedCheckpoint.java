package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.protocol.job.GenerationResult.CheckpointName;

/**
 * A checkpoint that jobs can run on.
 *
 * @param name what results call it
 * @param model its scores and their process
 * @param tokenizer its tokens
 * @param encoder templates to its tokens, within its length and the batch's
 * @param weights what is freed when the last job has left it
 */
public record ServedCheckpoint(
    CheckpointName name,
    DiffusionModel model,
    Tokenizer tokenizer,
    TemplateEncoder encoder,
    Weights weights) {

  /** Memory of a checkpoint. */
  @FunctionalInterface
  public interface Weights extends AutoCloseable {
    @Override
    void close();
  }
}
