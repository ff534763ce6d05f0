package io.sedd.worker.denoising;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import java.util.Optional;

/**
 * Tells a job that fails from a device that fails: a step of one blank position, which is nobody's
 * job, succeeds on a sound device.
 *
 * @param backend the device
 */
record DeviceProbe(Backend backend) {

  private static final LaneRequest NOBODYS =
      new LaneRequest(Template.blank(1), Predictor.ANALYTIC, 1, 0);

  /** What the step failed of, if it failed. */
  Optional<Throwable> fault(DiffusionModel model) {
    try (DenoisingBatch batch = new DenoisingBatch(backend, 1)) {
      batch.offer(new Lane(NOBODYS, model));
      batch.step();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }
}
