package io.sedd.worker.denoising;

import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.StepTimes;
import io.sedd.worker.scheduling.JobFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a step of the whole batch led to.
 *
 * @param ended lanes that have left the batch
 * @param culprits jobs that cannot be stepped even alone, on a device that can step others
 * @param deviceFault what the device failed of, if it cannot step anything: then the step is
 *     incomplete, and no job is to blame
 * @param times where the time of the evaluations that succeeded went
 */
record StepOutcome(
    List<Lane> ended,
    Map<RunningJob, JobFailure.Retryable> culprits,
    Optional<Throwable> deviceFault,
    StepTimes times) {}
