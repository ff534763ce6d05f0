package io.sedd.worker.scheduling;

import io.sedd.diffusion.backend.DeviceException;
import io.sedd.protocol.job.JobError;
import java.util.Locale;

/** Why a job could not be denoised, and with it what becomes of the job. */
public sealed interface JobFailure {

  /** For the job's sender. */
  JobError error();

  /** Every other run would fail in the same way: the job gets a failed result. */
  record Permanent(JobError error) implements JobFailure {

    /** The network's scores for this job cannot be drawn from. */
    public static Permanent notFinite(String why) {
      return new Permanent(new JobError(JobError.Code.NOT_FINITE, why, "$"));
    }
  }

  /** Another run may succeed: the job is started again, and at last it is a dead letter. */
  record Retryable(Reason reason, JobError error) implements JobFailure {

    /** What made a step fail. */
    public static Retryable ofStep(Throwable fault) {
      Reason reason =
          switch (fault) {
            case DeviceException.Lost _ -> Reason.DEVICE_LOST;
            case DeviceException.OutOfMemory _ -> Reason.OUT_OF_MEMORY;
            case OutOfMemoryError _ -> Reason.OUT_OF_MEMORY;
            default -> Reason.STEP_FAILED;
          };
      return new Retryable(
          reason, new JobError(JobError.Code.DEVICE, reason.words + ": " + fault, "$"));
    }
  }

  /** Kinds of what may pass. */
  enum Reason {
    DEVICE_LOST("the device is lost"),
    OUT_OF_MEMORY("the device has no memory for this job"),
    STEP_FAILED("a step of this job failed");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** As a label's value. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
