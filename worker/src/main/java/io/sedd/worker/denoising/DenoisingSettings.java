package io.sedd.worker.denoising;

import java.time.Duration;

/**
 * How jobs are denoised.
 *
 * @param capacityRows token rows of the batch of one device at most
 * @param progressInterval at least so long between two progress reports of a job
 */
public record DenoisingSettings(int capacityRows, Duration progressInterval) {

  public DenoisingSettings {
    if (progressInterval.isNegative()) {
      throw new IllegalArgumentException(
          "progressInterval must not be negative, but is " + progressInterval);
    }
  }
}
