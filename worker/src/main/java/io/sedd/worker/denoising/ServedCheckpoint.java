package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.text.TemplateEncoder;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.protocol.job.GenerationResult.CheckpointName;
import java.util.List;

/**
 * A checkpoint that jobs can run on, on every device of the worker.
 *
 * @param name what results call it
 * @param tokenizer its tokens
 * @param encoder templates to its tokens, within its length and the batch's
 * @param copies one for each device, in their order
 */
public record ServedCheckpoint(
    CheckpointName name, Tokenizer tokenizer, TemplateEncoder encoder, List<DeviceCopy> copies) {

  public ServedCheckpoint {
    copies = List.copyOf(copies);
  }

  DiffusionModel model(Device device) {
    return copies.get(device.index()).model();
  }
}
