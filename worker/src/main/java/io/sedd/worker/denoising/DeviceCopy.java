package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.DiffusionModel;

/**
 * A checkpoint's weights in the memory of one device.
 *
 * @param model scores and their process
 * @param weights what is freed when the last job of this device has left it
 */
public record DeviceCopy(DiffusionModel model, Weights weights) {

  /** Memory of a checkpoint. */
  @FunctionalInterface
  public interface Weights extends AutoCloseable {
    @Override
    void close();
  }
}
